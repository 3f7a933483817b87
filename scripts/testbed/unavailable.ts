/** What the testbed needs and this machine does not have; the process then exits with {@link unavailableStatus}. */
export class TestbedUnavailable extends Error {
  override readonly name = "TestbedUnavailable";

  constructor(
    readonly what: string,
    readonly why: string,
  ) {
    super(`the testbed needs ${what}: ${why}`);
  }
}

/** Tells a test runner that integration tests cannot run here, as opposed to having failed. */
export const unavailableStatus = 3;
