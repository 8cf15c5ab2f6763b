//! What every backend has to do, as tests that run against any of them: see [`storage_contract`].

pub(crate) mod changes;
pub(crate) mod deletions;
pub(crate) mod groups;
pub(crate) mod large;
pub(crate) mod marks;
pub(crate) mod sends;
pub(crate) mod sessions;
pub(crate) mod world;

pub(crate) use world::World;

/// Runs the contract against a backend. `$open` is an expression that gives a fresh `Arc<dyn Storage>` and a guard that
/// keeps it alive, inside an async function.
macro_rules! storage_contract {
    ($open:expr; $($part:ident :: $name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                let (storage, _guard) = $open;
                $crate::storage::contract::$part::$name($crate::storage::contract::World::new(storage)).await;
            }
        )*
    };
    // Where three members make a group large.
    (large $open:expr) => {
        storage_contract!($open;
            large::a_message_to_a_large_group_moves_no_log,
            large::who_comes_back_is_told_what_he_missed_and_no_more,
            large::a_mark_of_his_own_does_not_hide_what_moved,
            large::a_group_grows_large_and_stays_so,
            large::members_come_and_go,
            large::heads_are_bounded_and_name_the_members_groups_alone,
            large::large_groups_are_given_to_a_void_position_too,
            large::devices_at_different_places_all_get_everything,
        );
    };
    ($open:expr) => {
        storage_contract!($open;
            sends::a_repetition_gets_the_first_result,
            sends::a_cancelled_send_stays_out_until_it_is_asked_for_again,
            sends::a_refused_send_is_refused_again_until_it_is_asked_for_again,
            sends::places_are_contiguous_under_concurrent_writers,
            sends::readers_never_see_a_head_without_its_entries,
            sends::what_cannot_be_sent_to_is_refused,
            sends::a_batch_keeps_the_order_of_a_sender_whose_rules_are_stale,
            groups::nobody_gets_a_last_word_in,
            groups::windows_open_and_close_with_membership,
            groups::operations_are_done_once,
            groups::a_full_group_takes_nobody,
            groups::stale_rules_change_nothing,
            marks::marks_merge_by_maximum,
            marks::unread_is_what_a_full_count_gives,
            deletions::a_deletion_is_for_oneself_and_for_good,
            deletions::emptying_moves_the_window_and_swallows_nothing_that_came_since,
            deletions::an_emptied_open_group_stays_so_for_whoever_comes_back,
            deletions::unread_is_a_full_count_with_deletions_too,
            deletions::the_other_side_is_told_how_far_was_read,
            deletions::states_with_much_deleted_come_as_many_as_a_frame_holds,
            changes::the_log_of_a_live_user_moves_by_one,
            changes::an_absent_user_costs_one_mark_a_conversation,
            changes::pages_miss_nothing_that_is_rewritten_between_them,
            changes::pages_are_bounded_and_reads_too,
            changes::a_void_position_gives_everything,
            sessions::sessions_are_displaced_resumed_and_forgotten,
            sessions::an_administrator_ends_sessions_of_one_class_or_all,
            sessions::a_revoked_credential_opens_nothing,
            sessions::standings_say_what_the_bus_may_have_lost,
        );
    };
}
pub(crate) use storage_contract;
