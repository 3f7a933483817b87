// Puts the page together.
const keysOfPage = { "/": "row-search", l: "log-search", t: "rows" };

showHead();
showSlowest();
showCriticalPath();
showTransfers();
showLogs();
packLanes();
listenToTimeline();
listenToTools();
listenToOverview();
listenToStep();
showGraph();
resetRows();
// A build that never came to its steps has nothing to show of them.
document.querySelector("main").classList.toggle("nothing", vertices.length === 0);
for (const link of document.querySelectorAll("nav a")) {
  const part = document.querySelector(link.getAttribute("href"));
  link.hidden = part === null || getComputedStyle(part).display === "none" || vertices.length === 0;
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, select, textarea") != null;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || keysOfPage[event.key] === undefined) return;
  event.preventDefault();
  find(keysOfPage[event.key]).focus();
});
