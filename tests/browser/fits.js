// What does not fit on the page: sideways scrolling, and text that something cuts off. Gives a list of sentences.
() => {
  const SLACK = 2;
  const told = [];
  const root = document.documentElement;
  const shown = (element) => {
    const own = element.id ? `#${element.id}` : [...element.classList].map((name) => `.${name}`).join("");
    return `${element.localName}${own}`;
  };
  const place = (element) => (element.parentElement ? `${shown(element.parentElement)} > ${shown(element)}` : shown(element));

  const over = root.scrollWidth - root.clientWidth;
  if (over > 0) {
    const widest = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && !element.closest(".scroll"))
      .slice(0, 3)
      .map(place);
    told.push(`scrolls sideways by ${over} px: ${widest.join("; ")}`);
  }

  // Hidden on purpose, and still read out: no text is lost there.
  const unseen = (style) => style.clipPath !== "none" || style.visibility === "hidden" || style.opacity === "0";
  const cutting = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    const cuts = [style.overflowX, style.overflowY].some((one) => one === "hidden" || one === "clip");
    if (cuts || unseen(style)) cutting.set(element, { hides: unseen(style), cuts });
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.data.trim() || text.parentElement.closest("defs, option")) continue;
    let box;
    for (let around = text.parentElement; around && around !== document.body; around = around.parentElement) {
      const known = cutting.get(around);
      if (known?.hides) break;
      if (!known) continue;
      if (!box) {
        range.selectNodeContents(text);
        box = range.getBoundingClientRect();
        if (!box.width || !box.height) break;
      }
      const frame = around.getBoundingClientRect();
      const style = getComputedStyle(around);
      const x = style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
      const y = style.overflowY !== "visible" && style.overflowY !== "auto" && style.overflowY !== "scroll";
      const cutX = x && (box.left < frame.left - SLACK || box.right > frame.right + SLACK);
      const cutY = y && (box.top < frame.top - SLACK || box.bottom > frame.bottom + SLACK);
      if (cutX || cutY) told.push(`cut off in ${place(around)}: ${text.data.trim().slice(0, 60)}`);
    }
  }
  return [...new Set(told)];
}
