// Asks the site and puts the answer into the page: the same piece of a page that a reader without scripts gets.
const LONGEST_ADDRESS = 6000;

// form: what is sent. words: texts on the page. talk: where to say what goes on. answered: told when the piece is there.
export class Answering {
  constructor(form, button, words, talk, answered) {
    Object.assign(this, { form, button, words, talk, answered, label: button.textContent });
    form.addEventListener("submit", (event) => this.submitted(event));
  }

  submitted(event) {
    if (this.stopping) {
      event.preventDefault();
      return this.stopping.abort();
    }
    const said = new URLSearchParams(new FormData(this.form));
    this.form.method = String(said).length > LONGEST_ADDRESS ? "post" : "get";
    if (said.get("format") !== "html") return;
    event.preventDefault();
    said.delete("format");
    this.ask(said);
  }

  async ask(said) {
    this.stopping = new AbortController();
    this.button.textContent = this.words.stop;
    this.talk.textContent = this.words.asking;
    const begun = performance.now();
    try {
      const good = await this.fetch(said, this.stopping.signal);
      const seconds = (performance.now() - begun) / 1000;
      const languages = [document.documentElement.lang, "nb"]; // Chromium writes no numbers in nn
      const told = seconds.toLocaleString(languages, { maximumSignificantDigits: 2 });
      this.talk.textContent = good ? this.words.took.replace("{seconds}", told) : "";
    } catch (error) {
      const stopped = error.name === "AbortError";
      this.talk.textContent = stopped ? this.words.halted : this.words.lost.replace("{reason}", error.message);
    } finally {
      this.stopping = undefined;
      this.button.textContent = this.label;
    }
  }

  // Whether it was answered; else the piece says why not.
  async fetch(body, signal) {
    const language = body.get("lang");
    const place = new URL(this.form.action);
    if (language) place.searchParams.set("lang", language);
    const answer = await fetch(place, { method: "POST", body, signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const piece = page.getElementById("outcome") ?? page.querySelector("main");
    if (!piece) throw new Error(`${answer.status} ${answer.statusText}`);
    const outcome = document.getElementById("outcome");
    outcome.replaceChildren(...piece.childNodes);
    const address = `?${body}`;
    history.replaceState(null, "", address.length > LONGEST_ADDRESS ? location.pathname : address);
    this.answered(outcome);
    return answer.ok;
  }
}
