// What the page looks as if it was shown in: a light or a dark theme, and how wide.
() => {
  const parts = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
  const [red, green, blue, alpha = 1] = parts;
  const dark = alpha > 0.5 && red + green + blue < 384;
  return { theme: dark ? "dark" : "light", width: innerWidth };
}
