// A checklist that can be ticked. Without this, it is a plain list with boxes for paper.
import { browserStorage } from "./kept.js";
import { loadMarks, mark } from "./reading-marks.js";
import { filled } from "./words.js";
import { begun, changes, dueDay, follow, forget, fresh, load, progress, remember, save, taskList } from "./checklist-state.js";

/** Improve each checklist of a page. */
export function enhanceChecklists(root) {
  for (const list of root.querySelectorAll("[data-checklist]:not([data-enhanced])")) new Checklist(list).show();
}

// Once for all lists: a listener for each would outlive the article that instant navigation takes away.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".checklist details")) details.open = true;
});

class Checklist {
  constructor(list) {
    this.list = list;
    list.dataset.enhanced = "";
    this.words = JSON.parse(list.dataset.words);
    this.language = document.documentElement.lang;
    this.keys = [list.dataset.checklist, ...siblings(list)];
    this.items = [...list.querySelectorAll("[data-box]")].map((item) => described(item));
    this.storage = browserStorage();
    const kept = this.storage ? load(this.storage, this.keys) : { state: fresh(), broken: false };
    this.state = kept.state;
    this.notices = kept.broken ? [this.words.set_aside] : [];
    follow(this.state, this.items, this.language);
    this.takeMarks();
  }

  /** A work that was marked as read, on whichever page, is ticked here. */
  takeMarks() {
    const marks = loadMarks(this.storage);
    for (const { id, reading } of this.items) if (reading && reading in marks) this.state.ticked[id] ??= marks[reading];
  }

  show() {
    for (const it of this.items) this.addBox(it);
    this.addBar();
    this.addNotice();
    this.update();
  }

  addBox(it) {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: `tick-${it.id}` });
    const words = it.element.querySelector(":scope > .box-item__do");
    words.id = `do-${it.id}`;
    box.setAttribute("aria-label", it.text);
    box.addEventListener("change", () => {
      if (box.checked) this.state.ticked[it.id] = today();
      else delete this.state.ticked[it.id];
      delete this.state.skipped[it.id];
      if (it.reading && this.storage) mark(this.storage, it.reading, this.state.ticked[it.id] ?? "");
      this.keep();
    });
    words.addEventListener("click", (event) => event.target.closest("a") || box.click());
    const more = Object.assign(button("⋯"), { className: "more-of-item" });
    more.setAttribute("aria-label", this.words.more);
    more.addEventListener("click", () => {
      skip.hidden = !skip.hidden;
      more.setAttribute("aria-expanded", String(!skip.hidden));
    });
    const skip = Object.assign(button(""), { className: "skip" });
    skip.addEventListener("click", () => this.askForReason(it));
    for (const act of [more, skip]) act.setAttribute("aria-describedby", words.id);
    it.element.querySelector(":scope > .box").replaceWith(box);
    words.after(" ", more, " ", skip);
    Object.assign(it, { box, more, skip });
  }

  askForReason(it) {
    if (it.id in this.state.skipped) {
      delete this.state.skipped[it.id];
      this.keep();
      it.more.focus();
      return;
    }
    const form = document.createElement("form");
    form.className = "box-item__skip";
    const label = Object.assign(document.createElement("label"), { textContent: `${this.words.reason} ` });
    const reason = Object.assign(document.createElement("input"), { type: "text", required: true });
    label.append(reason);
    form.append(label, " ", button(this.words.not_applicable, "submit"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!reason.value.trim()) return;
      this.state.skipped[it.id] = reason.value.trim();
      delete this.state.ticked[it.id];
      form.remove();
      this.keep();
      it.skip.focus();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      form.remove();
      this.updateItem(it);
      it.more.focus();
    });
    it.skip.hidden = it.more.hidden = true;
    it.element.append(form);
    reason.focus();
  }

  addBar() {
    const bar = Object.assign(document.createElement("div"), { className: "checklist__bar" });
    this.bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    this.bar.setAttribute("aria-label", this.words.progress);
    this.count = document.createElement("output");
    this.count.setAttribute("aria-live", "polite");
    const hide = this.choice(this.words.hide, (on) => this.list.toggleAttribute("data-hide", on));
    this.name = this.field(this.words.name, "text", "name");
    this.start = this.field(this.words.start, "date", "start");
    const copy = button(this.words.copy);
    copy.addEventListener("click", () => this.copy());
    const print = button(this.words.print);
    print.addEventListener("click", () => window.print());
    const ticks = this.choice(this.words.with_ticks, (on) => this.list.toggleAttribute("data-print-ticks", on));
    const printing = Object.assign(document.createElement("span"), { className: "checklist__print" });
    printing.append(print, " ", ticks);
    const reset = button(this.words.reset);
    reset.addEventListener("click", () => this.reset());
    bar.append(this.bar, this.count, hide, this.name.parentElement, this.start.parentElement, copy, printing, reset);
    this.list.querySelector(".checklist__head").after(bar);
  }

  choice(words, act) {
    const label = document.createElement("label");
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    box.addEventListener("change", () => act(box.checked));
    label.append(box, ` ${words}`);
    return label;
  }

  field(words, type, name) {
    const label = document.createElement("label");
    const field = Object.assign(document.createElement("input"), { type, value: this.state[name] });
    field.addEventListener("change", () => {
      this.state[name] = field.value;
      this.keep();
    });
    label.append(`${words} `, field);
    return field;
  }

  addNotice() {
    this.notice = Object.assign(document.createElement("div"), { className: "note checklist__notice" });
    this.notice.setAttribute("role", "status");
    this.list.querySelector(".checklist__bar").after(this.notice);
    this.tell();
  }

  /** Say what is kept and where, and what has changed since. */
  tell() {
    const lines = [...this.notices, this.storage ? this.words.kept : this.words.not_kept].map(paragraph);
    const since = begun(this.state) ? changes(this.state, this.items) : {};
    const told = ["added", "removed", "reworded"].filter((name) => since[name]?.length);
    if (told.length) {
      const seen = button(this.words.seen);
      seen.addEventListener("click", () => {
        remember(this.state, this.items, this.language);
        this.keep();
        this.tell();
      });
      const listed = told.map((name) => paragraph(filled(this.words[name], { items: since[name].join(" · ") })));
      lines.push(paragraph(this.words.changed), ...listed, seen);
    }
    this.notice.replaceChildren(...lines);
  }

  /** Keep the state in the browser; where it can't be kept, say so and go on. */
  keep() {
    if (!Object.keys(this.state.seen).length) remember(this.state, this.items, this.language);
    if (this.storage) {
      try {
        save(this.storage, this.keys, this.state);
      } catch {
        this.storage = null;
        this.tell();
      }
    }
    this.update();
  }

  update() {
    const { done, total } = progress(this.state, this.items);
    this.bar.max = Math.max(total, 1);
    this.bar.value = total ? done : 1;
    const words = filled(this.words.done, { done, total });
    this.count.textContent = done === total ? `${words} · ${this.words.all_done}` : words;
    for (const it of this.items) this.updateItem(it);
    for (const label of this.list.querySelectorAll(".box-item__due")) this.updateDue(label);
    for (const [line, value] of [["name", this.state.name], ["start-date", this.state.start]]) {
      const place = this.list.querySelector(`[data-line="${line}"] dd`);
      if (place) place.textContent = value;
    }
  }

  updateItem({ id, element, box, more, skip }) {
    const skipped = id in this.state.skipped;
    box.checked = id in this.state.ticked;
    box.disabled = skipped;
    element.dataset.state = skipped ? "skipped" : box.checked ? "done" : "open";
    skip.textContent = skipped ? this.words.applicable : this.words.not_applicable;
    skip.hidden = !skipped;
    more.hidden = skipped;
    more.setAttribute("aria-expanded", "false");
    element.querySelector(":scope > span.box-item__skip")?.remove();
    if (skipped) {
      const reason = filled(this.words.skipped, { reason: this.state.skipped[id] });
      skip.after(Object.assign(document.createElement("span"), { className: "box-item__skip", textContent: reason }));
    }
  }

  /** A label's day is that of all lines below it; it is late while one of them is open. */
  updateDue(label) {
    const lines = this.items.filter(({ element }) => label.parentElement.contains(element));
    const day = dueDay(this.state.start, lines[0].due);
    label.dataset.words ??= label.textContent;
    const late = day && lines.some(({ element }) => element.dataset.state === "open") && day.toISOString().slice(0, 10) < today();
    const told = day && filled(late ? this.words.overdue : this.words.due, { day: this.day(day) });
    label.textContent = told ? `${label.dataset.words} · ${told}` : label.dataset.words;
    label.toggleAttribute("data-overdue", Boolean(late));
  }

  day(date) {
    return new Intl.DateTimeFormat(this.language, { dateStyle: "medium", timeZone: "UTC" }).format(date);
  }

  reset() {
    if (!confirm(this.words.sure)) return;
    if (this.storage) forget(this.storage, this.keys);
    this.state = fresh();
    this.takeMarks();
    this.notices = [];
    this.name.value = this.start.value = "";
    this.tell();
    this.update();
  }

  async copy() {
    const sections = [...this.list.querySelectorAll(".pause")].map((section) => ({
      name: section.querySelector("h2").childNodes[0].textContent.trim(),
      boxes: this.items.filter(({ element }) => section.contains(element)),
    }));
    const text = taskList(this.list.dataset.title, sections, this.state);
    try {
      await navigator.clipboard.writeText(text);
      this.notice.replaceChildren(paragraph(this.words.copied));
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: text, rows: 12, readOnly: true });
      field.setAttribute("aria-label", this.words.copy);
      this.notice.replaceChildren(paragraph(this.words.not_copied), field);
      field.select();
    }
  }
}

/** The keys of a list that it had under old ids: within its team, where it is a team's. */
function siblings(list) {
  const team = list.dataset.checklist.replace(/[^/]*$/, "");
  return list.dataset.aliases.split(" ").filter(Boolean).map((id) => team + id);
}

/** A line of the list: its ids, its words, where it leads. */
function described(element) {
  const words = element.querySelector(":scope > .box-item__do");
  const each = element.parentElement.closest(".box-item--each")?.querySelector(":scope > .box-item__do");
  const link = words.querySelector("a") ?? element.querySelector(":scope > .box-item__see a");
  return {
    element,
    id: element.dataset.box,
    aliases: (element.dataset.aliases ?? "").split(" ").filter(Boolean),
    due: element.dataset.due,
    reading: element.dataset.reading,
    text: [each?.textContent, words.textContent].filter(Boolean).join(" ").trim(),
    url: link?.href ?? "",
  };
}

function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function button(words, type = "button") {
  return Object.assign(document.createElement("button"), { type, textContent: words });
}

function paragraph(words) {
  return Object.assign(document.createElement("p"), { textContent: words });
}
