// Runs before the body is there, so that no page is first light and then dark.
{
  const root = document.documentElement;
  const key = "luakit-theme";
  const names = ["auto", "light", "dark"];

  // A browser may keep nothing for files; then the choice is for this view.
  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const remember = (name) => {
    try {
      if (name === "auto") localStorage.removeItem(key);
      else localStorage.setItem(key, name);
    } catch {
      // Nothing is kept.
    }
  };

  let chosen = names.includes(remembered()) ? remembered() : "auto";
  const show = () => {
    if (chosen === "auto") delete root.dataset.theme;
    else root.dataset.theme = chosen;
    const button = document.getElementById("theme");
    if (button === null) return;
    button.hidden = false;
    button.textContent = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" }[chosen];
    button.title = `Colours: ${chosen === "auto" ? "as the system has them" : chosen}. Click to change.`;
    button.setAttribute("aria-label", `Colours: ${chosen}`);
  };
  show();
  addEventListener("DOMContentLoaded", () => {
    show();
    document.getElementById("theme").addEventListener("click", () => {
      chosen = names[(names.indexOf(chosen) + 1) % names.length];
      remember(chosen);
      show();
    });
  });
}
