// What the page says it is, and its texts, each once, with the language that the page says they are in.
() => {
  // Of a picture only title and description are read out; a language switch names each language in its own.
  const skipped =
    "script, style, noscript, template, code, pre, textarea, kbd, samp, [translate=no], [hreflang], svg[role=img] :not(title, desc)";
  const found = new Map();
  const add = (element, text) => {
    const told = (text ?? "").replaceAll("\u00ad", "").replace(/\s+/g, " ").trim();
    if (!/\p{L}{2}/u.test(told)) return;
    const language = element.closest("[lang]")?.getAttribute("lang") ?? "";
    found.set(`${language}\n${told}`, [language, told]);
  };
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.data.trim() && !text.parentElement.closest(`${skipped}, mark`)) add(text.parentElement, text.data);
  }
  for (const element of document.querySelectorAll("h1, h2, h3, p, li, th, td, a, button, label, summary, caption, dt, dd, option")) {
    if (!element.closest(skipped) && !element.querySelector("[lang], code")) add(element, element.textContent);
  }
  for (const name of ["aria-label", "aria-description", "title", "alt", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) add(element, element.getAttribute(name));
  }
  return {
    language: document.documentElement.lang,
    title: document.title,
    headings: [...document.querySelectorAll("h1")].map((heading) => heading.textContent.trim()),
    texts: [...found.values()],
  };
}
