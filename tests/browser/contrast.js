// Texts with too little contrast to what is behind them, those in pictures too. Gives a list of sentences.
() => {
  const LARGE = 24, LARGE_BOLD = 18.66, SLACK = 0.05;
  const parse = (colour) => {
    const found = colour.match(/^rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)(?:[,/ ]+([\d.]+))?\)$/);
    return found && { rgb: [found[1], found[2], found[3]].map(Number), alpha: found[4] === undefined ? 1 : Number(found[4]) };
  };
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const over = (top, below) => top.rgb.map((part, index) => part * top.alpha + below[index] * (1 - top.alpha));
  const canvas = getComputedStyle(document.body).backgroundColor;

  // What is painted at a point below an element, from the top: the first that lets nothing through.
  const behind = (element, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    const layers = [];
    for (const below of stack) {
      if (below === element || element.contains(below)) continue;
      const style = getComputedStyle(below);
      const shape = below instanceof SVGGeometryElement;
      if (shape && style.fill.startsWith("url(")) return null;
      const told = shape ? style.fill : below instanceof SVGElement ? "none" : style.backgroundColor;
      const colour = parse(told);
      const alpha = colour && colour.alpha * (shape ? Number(style.fillOpacity) * Number(style.opacity) : 1);
      if (!alpha) continue;
      layers.push({ rgb: colour.rgb, alpha });
      if (alpha === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), parse(canvas)?.rgb ?? [255, 255, 255]);
  };

  // Of texts that stand alike, some are enough; in pictures each may lie on something else.
  const LIKE = 4, MARGIN = 60;
  const alike = new Map();
  const enough = (element) => {
    if (element instanceof SVGElement) return false;
    const around = [element, element.parentElement, element.parentElement.parentElement, element.closest("section, header, footer, aside")];
    const key = around.map((one) => (one ? `${one.localName}.${one.className}` : "")).join();
    alike.set(key, (alike.get(key) ?? 0) + 1);
    return alike.get(key) > LIKE;
  };

  // Read out, but cut away for the eye.
  const unseen = (element) => {
    for (let around = element; around; around = around.parentElement) {
      if (getComputedStyle(around).clipPath !== "none") return true;
    }
    return false;
  };

  const told = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let counted = 0;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || element.closest(".vh, .skip, defs, option, title, desc, script") || enough(element)) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || !element.checkVisibility()) continue;
    range.selectNodeContents(text);
    let box = range.getClientRects()[0];
    if (!box || box.width < 2 || box.height < 2) continue;
    if (box.top < 0 || box.bottom > innerHeight) {
      scrollBy({ top: box.top - MARGIN, behavior: "instant" });
      box = range.getClientRects()[0];
    }
    const own = element instanceof SVGElement ? style.fill : style.color;
    const ink = parse(own);
    const own_background = element instanceof SVGElement ? null : parse(style.backgroundColor);
    const x = box.left + Math.min(box.width / 2, 6), y = box.top + box.height / 2;
    const frame = element.closest(".scroll")?.getBoundingClientRect();
    if (!ink || x < 0 || y < 0 || x >= Math.min(innerWidth, frame?.right ?? innerWidth) || y >= innerHeight) continue;
    const ground = own_background?.alpha === 1 ? own_background.rgb : behind(element, x, y);
    if (!ground && unseen(element)) continue;
    if (!ground) { told.add(`a pattern is behind ${element.localName}: ${text.data.trim().slice(0, 40)}`); continue; }
    const size = parseFloat(style.fontSize);
    const large = size >= LARGE || (size >= LARGE_BOLD && Number(style.fontWeight) >= 700);
    const found = ratio(over(ink, ground), ground);
    counted += 1;
    if (found + SLACK < (large ? 3 : 4.5) && !unseen(element)) {
      told.add(`${found.toFixed(2)}:1 in ${element.localName}.${element.getAttribute("class") ?? ""}: ${text.data.trim().slice(0, 40)} (${own} on ${ground.map(Math.round)})`);
    }
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!field.checkVisibility()) continue;
    const style = getComputedStyle(field);
    const edge = parse(style.borderTopColor);
    const box = field.getBoundingClientRect();
    const ground = behind(field, box.left + 1, box.top - 3) ?? [255, 255, 255];
    if (["checkbox", "radio"].includes(field.type) || !edge || box.top < 3) continue;
    if (ratio(over(edge, ground), ground) + SLACK < 3) told.add(`the edge of ${field.localName}[name=${field.name}] is faint`);
  }
  scrollTo({ top: 0, left: 0, behavior: "instant" });
  return { counted, told: [...told] };
}
