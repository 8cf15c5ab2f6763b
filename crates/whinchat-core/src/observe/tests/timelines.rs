//! Windows, one thing at a time.

use super::super::TimelineWindow;
use super::check::{ListScreen, TimelineScreen};
use super::runtime;
use super::world::World;

/// A world of one conversation of which the device holds the newest `held` of `all` messages.
async fn holding(all: usize, held: u64) -> World {
    let mut world = World::new(runtime(), 1).await;
    for _ in 0..all {
        world.append(0, "bob", false);
    }
    world.state(0, held).await;
    world
}

#[tokio::test]
async fn a_window_has_what_was_asked_for_and_no_more() {
    let world = holding(50, 50).await;
    let mut screen = TimelineScreen::open(&world, 0, TimelineWindow::newest(10)).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 10);
    assert!(screen.status().complete && screen.status().has_older && screen.status().at_live_end);
    screen.observer.grow_older(15);
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 25);
    screen.observer.grow_older(1_000);
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 50);
    assert!(!screen.status().has_older);
}

#[tokio::test]
async fn a_window_around_a_message_grows_to_the_live_end_and_stays_there() {
    let mut world = holding(50, 50).await;
    let middle = world.message_at(0, 25).await.unwrap();
    let mut screen = TimelineScreen::open(&world, 0, TimelineWindow::around(&middle, 3, 4)).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 8);
    assert_eq!(screen.texts()[3], "m1700000000025");
    assert!(screen.status().has_newer && !screen.status().at_live_end);
    world.append(0, "bob", false);
    world.push(0).await;
    world.send(0).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 8, "what happens elsewhere is not its business");
    screen.observer.grow_newer(100);
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 3 + 27 + 1);
    assert!(screen.status().at_live_end);
    world.append(0, "bob", false);
    world.push(0).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 3 + 27 + 2);
    screen.newest();
    screen.look(&world).await;
    assert!(screen.status().at_live_end);
}

#[tokio::test]
async fn a_live_window_waits_at_a_hole_and_goes_on_once_it_is_filled() {
    let mut world = holding(10, 10).await;
    let mut screen = TimelineScreen::open(&world, 0, TimelineWindow::newest(5)).await;
    screen.look(&world).await;
    for _ in 0..30 {
        world.append(0, "bob", false);
    }
    world.push(0).await;
    world.send(0).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 5 + 1, "an own message is shown, what lies behind the hole is not");
    assert!(screen.status().has_newer && !screen.status().complete && !screen.status().at_live_end);
    assert_eq!(screen.hole(), Some((11, 40)));
    world.page(0, 11, 40).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 5 + 30 + 1);
    assert!(screen.status().complete && screen.status().at_live_end);
}

#[tokio::test]
async fn behind_a_very_long_gap_a_window_stays_where_it_is() {
    let mut world = holding(10, 10).await;
    let mut screen = TimelineScreen::open(&world, 0, TimelineWindow::newest(5)).await;
    screen.look(&world).await;
    for _ in 0..900 {
        world.append(0, "bob", false);
    }
    world.state(0, 100).await;
    screen.look(&world).await;
    assert_eq!(screen.texts().len(), 5);
    assert!(screen.status().complete && screen.status().has_newer && !screen.status().at_live_end);
    assert_eq!(screen.hole(), None);
    screen.observer.grow_newer(20);
    screen.look(&world).await;
    assert_eq!(screen.hole(), Some((11, 110)));
    screen.newest();
    screen.look(&world).await;
    assert_eq!(*screen.texts().last().unwrap(), "m1700000000910");
    assert!(screen.status().at_live_end);
}

#[tokio::test]
async fn an_own_message_turns_to_sent_where_the_server_has_put_it() {
    let mut world = holding(3, 3).await;
    world.send(0).await;
    world.send(0).await;
    let mut screen = TimelineScreen::open(&world, 0, TimelineWindow::newest(9)).await;
    screen.look(&world).await;
    world.append(0, "bob", false);
    world.push(0).await;
    screen.look(&world).await;
    let before: Vec<String> = screen.texts().into_iter().map(str::to_owned).collect();
    assert!(before[3].starts_with("own") && before[4].starts_with("own") && before[5].starts_with('m'));
    world.acknowledge(0).await;
    screen.look(&world).await;
    let after = screen.texts();
    assert!(after[3].starts_with("own") && after[4].starts_with('m') && after[5] == before[3]);
}

#[tokio::test]
async fn a_list_grows_at_its_end() {
    let mut world = World::new(runtime(), 20).await;
    for at in 0..20 {
        world.append(at, "bob", false);
        world.push(at).await;
    }
    let mut list = ListScreen::open(&world, 5);
    list.look(&world).await;
    list.grow(10);
    list.look(&world).await;
    world.append(2, "bob", false);
    world.push(2).await;
    list.look(&world).await;
    list.grow(usize::MAX - 100);
    list.look(&world).await;
}
