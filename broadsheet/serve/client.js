// The page's side of the preview. The server tells what there is; this page knows what it shows, and decides.
(() => {
  "use strict";
  let { page, number: since } = document.currentScript.dataset;
  let source = null;
  let panel = null;

  // A browser has six connections for a host, shared by all its tabs: those that nobody looks at give theirs back.
  function connect() {
    if (document.visibilityState === "hidden") {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource(`/.broadsheet/events?${new URLSearchParams({ path: location.pathname, page, since })}`);
      source.onmessage = (event) => {
        since = event.lastEventId;
        take(JSON.parse(event.data));
      };
    }
  }

  function take({ page: identity, html, files, problems, more }) {
    const touched = loaded(new Set(files));
    const styles = touched.filter((path) => path.endsWith(".css"));
    const isOther = identity !== page;
    if (touched.length > styles.length || (isOther && !replaced(html))) {
      location.reload(); // the browser keeps the place
      return;
    }
    page = identity;
    if (styles.length > 0) restyle();
    show(problems, more);
  }

  // Of these files those that this page has loaded: style sheets, pictures, fonts.
  function loaded(files) {
    const used = performance.getEntriesByType("resource").map((entry) => pathOf(entry.name));
    return [...new Set(used)].filter((path) => files.has(path));
  }

  function pathOf(address) {
    const url = new URL(address, location.href);
    try {
      return url.origin === location.origin ? decodeURIComponent(url.pathname) : url.href;
    } catch {
      return url.href;
    }
  }

  // What a browser acts upon once, when it loads a page, and what it only keeps.
  const ACTED_UPON = "base, style, meta[http-equiv], link[rel~='stylesheet']:not([data-old])";
  const RUN = "script:not([type='application/ld+json'], [src='/.broadsheet/client.js'])";
  const KEPT = "title, meta:not([http-equiv]), link[rel='canonical'], link[rel='license'], link[rel='alternate'], " +
    "script[type='application/ld+json']";

  function skeleton(of) {
    const elements = [...of.querySelectorAll(ACTED_UPON)];
    const told = (it) => (it.localName === "link" ? `${it.media} ${pathOf(it.getAttribute("href"))}` : it.outerHTML);
    return [of.compatMode, ...elements.map(told)].join("\n");
  }

  // Whether the new page could be put in the old one's place: quicker than loading it, and nothing flickers.
  function replaced(html) {
    if (html === undefined || location.hash) return false;
    const fresh = new DOMParser().parseFromString(html, "text/html");
    if (fresh.querySelector(RUN) || document.querySelector(RUN) || skeleton(fresh) !== skeleton(document)) return false;
    for (const { name } of [...document.documentElement.attributes]) document.documentElement.removeAttribute(name);
    for (const { name, value } of fresh.documentElement.attributes) document.documentElement.setAttribute(name, value);
    document.head.querySelectorAll(KEPT).forEach((old) => old.remove());
    document.head.append(...fresh.head.querySelectorAll(KEPT));
    document.body.replaceWith(fresh.body);
    return true;
  }

  // Each style sheet is loaded anew beside the old one, which goes when the new one is there.
  function restyle() {
    for (const old of document.querySelectorAll("link[rel~='stylesheet'][href]:not([data-old])")) {
      const url = new URL(old.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set("v", since);
      const fresh = old.cloneNode();
      fresh.href = url.href;
      old.dataset.old = "";
      fresh.onload = fresh.onerror = () => old.remove();
      old.after(fresh);
    }
  }

  const STYLE = `
    section { all: initial; position: fixed; inset: auto 0 0; max-height: 60vh; overflow: auto; z-index: 2147483647;
      box-sizing: border-box; padding: 1rem 1.5rem; background: #2b0b0b; color: #fff; border-top: 4px solid #ff6b5e;
      font: 16px/1.5 system-ui, sans-serif; }
    h2 { margin: 0 0 .5rem; font-size: 1rem; }
    p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
    code { display: block; color: #ffc9c2; font: 14px/1.5 ui-monospace, monospace; }
    @media print { section { display: none; } }`;

  // Words of files are hostile: they become text, and never markup.
  function element(name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  }

  function show(problems, more) {
    panel?.remove();
    panel = null;
    if (problems.length === 0) return;
    const count = problems.length + more;
    const section = element("section", element("h2", count === 1 ? "1 problem" : `${count} problems`));
    section.setAttribute("role", "alert");
    for (const { place, rule, message, remedy } of problems) {
      section.append(element("p", element("code", `${place}: ${rule}`), `${message}. ${remedy}.`));
    }
    if (more > 0) section.append(element("p", `The terminal names ${more} more.`));
    const sheet = new CSSStyleSheet(); // a style element is what the page's policy would not let in
    sheet.replaceSync(STYLE);
    panel = document.createElement("broadsheet-problems");
    const root = panel.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(section);
    document.documentElement.append(panel);
  }

  document.addEventListener("visibilitychange", connect);
  connect();
})();
