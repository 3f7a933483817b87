import { errorCode, Http2Error } from "./http2-error.ts";

/** Frames that cost us more than the peer: so many at once, and so many a second. More end the connection. */
export class Allowance {
  readonly #what: string;
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #filledAt = performance.now();

  constructor(what: string, burst: number, perSecond: number) {
    this.#what = what;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
  }

  take(): void {
    if (this.#left < 1) this.#refill();
    this.#left--;
  }

  #refill(): void {
    const now = performance.now();
    this.#left = Math.min(this.#burst, ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
    if (this.#left < 1) throw new Http2Error(errorCode.enhanceYourCalm, `too many ${this.#what}`);
  }
}
