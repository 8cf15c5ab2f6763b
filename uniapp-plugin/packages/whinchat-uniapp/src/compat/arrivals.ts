import type { Message } from '../generated/index.js';
import { Beneath } from './beneath.js';

/**
 * Messages, told while their user is there. The plugin gives each message once: one that comes while nobody may be told of it,
 * because the app has called logout and the plugin has not got round to it, or because the user was kicked out a moment ago,
 * waits here for the next login of the user whom it belongs to.
 */
export class Arrivals {
  private heard = false;
  /** Who may be told; '' nobody. */
  private present = '';
  /** Whose messages the plugin gives. */
  private owner = '';
  /** Whose it gives once it has got round to the logouts that run. */
  private next: string | undefined;
  private logouts = 0;
  /** By user, in the order of arrival. What an ended session had left is little: the plugin holds back what is not taken. */
  private readonly waiting = new Map<string, Message[]>();

  constructor(
    private readonly beneath: Beneath,
    private readonly tell: (message: Message) => void,
  ) {}

  /** Listens from now on; once is enough. */
  hear(): void {
    if (this.heard) return;
    this.beneath.on('onRecvNewMessage', ({ message }) => this.came(message));
    this.heard = true;
  }

  /** A login is on its way to the plugin. */
  entering(user: string): void {
    if (this.logouts === 0) this.owner = user;
    else this.next = user;
  }

  /** It is accepted: what waited for this user is told, then what comes. */
  entered(user: string): void {
    this.owner = this.present = user;
    this.next = undefined;
    const waiting = this.waiting.get(user) ?? [];
    while (this.present === user && waiting.length > 0) this.tell(waiting.shift()!);
    if (waiting.length === 0) this.waiting.delete(user);
  }

  /** From now on nobody is told. */
  left(): void {
    this.present = '';
    this.next = undefined;
  }

  /** Calls the plugin's logout; until it answers it gives messages of whoever was there. */
  async logout<T>(work: () => Promise<T>): Promise<T> {
    this.left();
    this.logouts += 1;
    try {
      return await work();
    } finally {
      this.logouts -= 1;
      if (this.logouts === 0 && this.next !== undefined) this.owner = this.next;
    }
  }

  private came(message: Message): void {
    if (this.present !== '' && this.present === this.owner) return this.tell(message);
    // What went to who is online is of no use later.
    if (message.isOnlineOnly || this.owner === '') return;
    const waiting = this.waiting.get(this.owner);
    if (waiting) waiting.push(message);
    else this.waiting.set(this.owner, [message]);
  }
}
