import { LuakitError } from "../diagnostic/luakit-error.ts";
import { didYouMean } from "../diagnostic/suggest.ts";

const names =
  "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ";

/** The signal as STOPSIGNAL takes it: a name with or without `SIG`, a real-time signal or a number. */
export function parseStopSignal(signal: string | number): string {
  const text = String(signal);
  if (/^\d+$/.test(text)) {
    if (Number(text) >= 1 && Number(text) <= 64) return text;
    throw new LuakitError("image.config", `option "stop_signal": ${text} is not a signal number`);
  }
  const name = text.toUpperCase().replace(/^SIG/, "");
  const known = names.split(" ");
  if (known.includes(name) || /^RTM(?:IN(?:\+(?:[1-9]|1[0-5]))?|AX(?:-(?:[1-9]|1[0-4]))?)$/.test(name)) return text;
  const guess = didYouMean(
    `SIG${name}`,
    known.map((each) => `SIG${each}`),
  );
  throw new LuakitError("image.config", `option "stop_signal": "${text}" is not a signal${guess}`);
}
