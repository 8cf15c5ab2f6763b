/** How long a fingerprint is remembered: as long as MobileIMSDK does. */
const LIFE_MS = 10 * 60 * 1000;
/** Fingerprints that are remembered; the oldest goes first. */
const COUNT = 4096;

/** Tells what came before: an app may send a message with a fingerprint that it has used already. */
export class Once {
  private readonly seen = new Map<string, number>();

  /** Whether this is the first time. */
  first(from: string, fp: string): boolean {
    const now = Date.now();
    for (const [key, at] of this.seen) {
      if (now - at < LIFE_MS && this.seen.size < COUNT) break;
      this.seen.delete(key);
    }
    const key = JSON.stringify([from, fp]);
    if (this.seen.has(key)) return false;
    this.seen.set(key, now);
    return true;
  }
}
