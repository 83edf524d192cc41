// Notes each thing that the focus comes to, in order, and how it shows; `stops` are those that it should come to.
() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], [contenteditable=true]";
  const told = (element) => `${element.localName}.${element.className?.baseVal ?? element.className}[${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 30)}]`;
  const all = [...document.querySelectorAll("*")];
  const look = (element) => {
    const { outlineStyle, outlineWidth, boxShadow, borderBlockEndColor, borderTopColor } = getComputedStyle(element);
    return { outline: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, rest: [boxShadow, borderBlockEndColor, borderTopColor].join() };
  };
  const stops = [...document.querySelectorAll(wanted)].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0 && !element.closest("[inert]"),
  );
  const before = new Map(stops.map((element) => [element, look(element).rest]));
  window.visited = [];
  document.addEventListener("focusin", ({ target }) => {
    if (window.visited.at(-1)?.place === all.indexOf(target)) return; // a field for dates has several stops
    const seen = look(target);
    const box = target.getBoundingClientRect();
    window.visited.push({
      place: all.indexOf(target),
      name: told(target),
      shows: seen.outline || (before.has(target) && before.get(target) !== seen.rest),
      sized: box.width > 0 && box.height > 0,
    });
  });
  return stops.map((element) => ({ place: all.indexOf(element), name: told(element) }));
}
