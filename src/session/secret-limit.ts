/** The most bytes of a secret that a daemon takes. */
export const maxSecret = 500 * 1024;
