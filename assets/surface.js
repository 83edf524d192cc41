// The surface that a query is written on: CodeMirror in a shadow root, where its styles are made without inline ones.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";

// The colours are those of the page's style sheet, so that light and dark need nothing here.
const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--field)", fontSize: ".9375rem" },
  "&.cm-focused": { outline: "3px solid var(--blue)", outlineOffset: "2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "16rem", maxHeight: "var(--room, 70vh)" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: ".5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--ink-2)", backgroundColor: "var(--wash)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--blue-wash) 60%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--mark)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)", outline: "1px solid var(--mark-edge)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--ink)", maxWidth: "min(36rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", fontSize: ".9375rem", maxHeight: "18rem" },
  ".cm-tooltip-autocomplete ul li": { padding: ".2rem .5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--ink)" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-completionLabel": { fontFamily: "var(--mono)", fontSize: ".875em" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--ink-2)" },
  ".cm-completionMatchedText": { textDecoration: "none" },
  ".cm-tooltip.cm-completionInfo": { padding: ".5rem .75rem", fontFamily: "var(--sans)", fontSize: ".9375rem" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", borderLeftColor: "var(--red)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--red) 2px" },
  ".cm-lint-marker-error": { content: "none", width: ".75em", height: ".75em", marginTop: ".35em", borderRadius: "50%", backgroundColor: "var(--red)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--blue)", fontWeight: "600" },
  { tag: [tags.string, tags.annotation], color: "var(--mark-ink)" },
  { tag: [tags.integer, tags.float, tags.bool], color: "var(--mark-ink)" },
  { tag: tags.variableName, color: "var(--blue-2)" },
  { tag: [tags.url, tags.namespace, tags.typeName], color: "var(--ink)" },
  { tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic" },
]);

// What is typed over a selection. Left to itself, Chromium gives such text the look of the old by an inline style, which
// the page's policy forbids.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || empty || view.composing || !event.data) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, event.data, insert));
    if (!handled) view.dispatch(insert());
    return true;
  },
});

// A prefix that is written and not declared is declared.
const declaring = (missing) =>
  EditorView.updateListener.of(({ view, state, transactions }) => {
    if (!transactions.some((each) => each.isUserEvent("input.type"))) return;
    const { head } = state.selection.main;
    const line = state.doc.sliceString(head - 1, head) === ":" ? missing(state, head) : "";
    if (line) view.dispatch({ changes: { from: 0, insert: line }, userEvent: "input.complete" });
  });

const language = sparql();
const comments = language.language.data.of({ commentTokens: { line: "#" } });

// parent: the element to stand in. name, suggested: what screen readers are told. complete: the source of suggestions.
// missing: told a state and a place, says the line that has to stand before all now that a colon was typed there.
// changed: told the text after each change. ask: what Ctrl+Enter does.
export class Surface {
  constructor(parent, { name, suggested, complete, missing, changed, ask }) {
    const root = parent.attachShadow({ mode: "open" });
    this.extensions = [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      lintGutter(),
      language,
      comments,
      declaring(missing),
      syntaxHighlighting(colours),
      theme,
      typedOver,
      EditorView.lineWrapping,
      EditorState.phrases.of({ Completions: suggested, Diagnostics: name }),
      EditorView.contentAttributes.of({ "aria-label": name, spellcheck: "false" }),
      EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      autocompletion({ override: [complete], icons: false, activateOnTyping: true }),
      keymap.of([
        { key: "Mod-Enter", run: () => (ask(), true) },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...historyKeymap,
        ...completionKeymap,
      ]),
    ];
    this.view = new EditorView({ root, parent: root, state: this.begin("") });
  }

  begin(text) {
    return EditorState.create({ doc: text, extensions: this.extensions });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Another text, with a history of its own.
  set text(text) {
    this.view.setState(this.begin(text));
  }

  focus() {
    this.view.focus();
  }

  clear() {
    this.view.dispatch(setDiagnostics(this.view.state, []));
  }

  // Underlines the word at a line and column, both counted from 1, and puts the cursor there.
  mark(line, column, message) {
    const doc = this.view.state.doc;
    const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const begin = Math.min(found.from + Math.max(column, 1) - 1, found.to);
    const word = /^[\w:?$-]+/.exec(doc.sliceString(begin, found.to));
    const from = begin === found.to ? Math.max(found.from, begin - 1) : begin;
    const to = begin + (word ? word[0].length : begin < found.to ? 1 : 0);
    this.view.dispatch(setDiagnostics(this.view.state, [{ from, to, severity: "error", message }]), {
      selection: { anchor: begin },
      effects: EditorView.scrollIntoView(begin, { y: "center" }),
    });
  }
}
