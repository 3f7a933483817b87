// Colours of logs: SGR sequences become classes and colours of spans. Text is only ever text.
const cube = [0, 95, 135, 175, 215, 255];
const paletteColor = (code) => {
  if (code >= 232) return `rgb(${Array(3).fill(8 + (code - 232) * 10)})`;
  const at = code - 16;
  return `rgb(${[cube[Math.floor(at / 36)], cube[Math.floor(at / 6) % 6], cube[at % 6]]})`;
};

const plainPen = { bold: false, faint: false, italic: false, under: false, strike: false, inverse: false };

/** Takes a colour after 38 or 48: a palette's number, or red, green and blue. */
const takeColor = (codes) => {
  const kind = codes.shift();
  if (kind === 5) {
    const code = Math.min(255, codes.shift() ?? 0);
    return code < 16 ? code : paletteColor(code);
  }
  if (kind !== 2) return undefined;
  return `rgb(${codes.splice(0, 3).map((value) => Math.min(255, value))})`;
};

const switches = { 1: "bold", 2: "faint", 3: "italic", 4: "under", 7: "inverse", 9: "strike" };
const offs = { 22: ["bold", "faint"], 23: ["italic"], 24: ["under"], 27: ["inverse"], 29: ["strike"] };

/** The pen after a sequence such as `1;31`. */
const applyCodes = (pen, parameters) => {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = { ...pen };
  while (codes.length > 0) {
    const code = codes.shift();
    if (code === 0) next = { ...plainPen };
    else if (switches[code]) next[switches[code]] = true;
    else if (offs[code]) for (const name of offs[code]) next[name] = false;
    else if (code === 38) next.ink = takeColor(codes);
    else if (code === 48) next.paper = takeColor(codes);
    else if (code === 39) next.ink = undefined;
    else if (code === 49) next.paper = undefined;
    else if (code >= 30 && code <= 37) next.ink = code - 30;
    else if (code >= 90 && code <= 97) next.ink = code - 82;
    else if (code >= 40 && code <= 47) next.paper = code - 40;
    else if (code >= 100 && code <= 107) next.paper = code - 92;
  }
  return next;
};

const painted = (text, pen) => {
  const span = h("span", {}, text);
  const [ink, paper] = pen.inverse ? [pen.paper ?? "ground", pen.ink ?? "text"] : [pen.ink, pen.paper];
  for (const name of ["bold", "faint", "italic", "under", "strike"]) if (pen[name]) span.classList.add(name);
  if (typeof ink === "number") span.classList.add(`ink${ink}`);
  else if (ink === "ground") span.classList.add("ink-ground");
  else if (ink !== undefined) span.style.color = ink;
  if (typeof paper === "number") span.classList.add(`paper${paper}`);
  else if (paper === "text") span.classList.add("paper-text");
  else if (paper !== undefined) span.style.backgroundColor = paper;
  return span;
};

/** A line of a log as text and spans. */
const ansiView = (line) => {
  if (!line.includes("\u001b")) return [line];
  const [first, ...parts] = line.split("\u001b[");
  let pen = plainPen;
  const views = first === "" ? [] : [first];
  for (const part of parts) {
    const end = part.indexOf("m");
    pen = applyCodes(pen, part.slice(0, end));
    const text = part.slice(end + 1);
    if (text !== "") views.push(painted(text, pen));
  }
  return views;
};

const colorSequence = new RegExp(["\\u001b\\[", "[0-9;:]*m"].join(""), "g");
const withoutColors = (line) => line.replace(colorSequence, "");
