// What a finished page does by itself: nothing, until a control is used. Then the same URL is upgraded in place to
// the live Voila kernel, keeping region and filters. Without this script the page still says all it has to say.
"use strict";

(() => {
  const FILTER = "[data-filter]";
  const ASK_EVERY_MS = 45000;
  let upgrading = false;

  const filtersOf = (root) => {
    const filters = new URLSearchParams();
    for (const control of root.querySelectorAll(FILTER)) {
      if (control.value !== control.dataset.initial) filters.set(control.dataset.filter, control.value);
    }
    return filters;
  };

  const say = (name) => {
    for (const line of document.querySelectorAll("[data-live-status]")) {
      line.textContent = line.dataset[name] || "";
      line.dataset.state = name;
    }
  };

  // Voila's script begins when the window has loaded. Here it comes later than that, so a listener for what has
  // already happened is called at once.
  const callLateLoadListeners = () => {
    const add = window.addEventListener.bind(window);
    window.addEventListener = (type, listener, options) => {
      if (type === "load" && document.readyState === "complete") queueMicrotask(() => listener(new Event("load")));
      else add(type, listener, options);
    };
  };

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // The head of a live page names its scripts; they load while the cells below it execute.
  const preload = (head) => {
    for (const link of parse(head).querySelectorAll("link[rel=preload]")) document.head.append(link);
  };

  const read = async (answer) => {
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    let isHeadRead = false;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (!isHeadRead && text.includes("</head>")) {
        isHeadRead = true;
        preload(text.slice(0, text.indexOf("</head>")));
      }
    }
    return text + decoder.decode();
  };

  const swap = (page) => {
    const cells = page.querySelector("#rendered_cells");
    const config = page.querySelector("#jupyter-config-data");
    const main = page.querySelector("script[data-live=main]");
    // A live page that failed shows nothing the finished one lacks: it stays.
    if (!cells?.querySelector(".cc-slot") || !config || !main) throw new Error("the answer is not a live page");
    const focused = document.activeElement?.dataset?.filter;
    document.querySelector("#rendered_cells").replaceWith(document.adoptNode(cells));
    document.body.append(document.adoptNode(config));
    document.body.dataset.page = "live";
    for (const control of document.querySelectorAll(FILTER)) control.disabled = true;
    say("connecting");
    watchSlots(focused);
    callLateLoadListeners();
    const script = document.createElement("script");
    script.src = main.src;
    script.addEventListener("error", () => say("failed"));
    document.body.append(script);
  };

  // On a busy machine a widget may be asked for before the kernel has told of it; Jupyter then writes so, in English.
  // The page is loaded once more; where that does not help the still picture stays, with a plain word.
  const TRIED_AGAIN = `cc-tried-again:${location.pathname}`;
  const brokenWidgets = () =>
    [...document.querySelectorAll(".cc-slot .jupyter-widgets")].filter(
      (node) => !node.firstElementChild && node.textContent.startsWith("Error displaying widget"),
    );
  const giveUp = (broken) => {
    if (!sessionStorage.getItem(TRIED_AGAIN)) {
      sessionStorage.setItem(TRIED_AGAIN, "yes");
      location.reload();
      return;
    }
    for (const node of broken) node.remove();
    say("failed");
  };

  // The live control has arrived when a widget stands in the slot; the still picture of it goes.
  const watchSlots = (focused) => {
    const slots = [...document.querySelectorAll(".cc-slot")];
    const check = () => {
      const broken = brokenWidgets();
      if (broken.length) {
        observer.disconnect();
        giveUp(broken);
        return;
      }
      for (const slot of slots) {
        if (slot.dataset.live !== "yes" && slot.querySelector(".jupyter-widgets select, .jupyter-widgets input")) {
          slot.dataset.live = "yes";
          slot.querySelector(":scope > .cc-slot__still")?.remove();
          focusWidget(slot, focused);
        }
      }
      if (slots.every((slot) => slot.dataset.live === "yes")) {
        observer.disconnect();
        document.body.dataset.page = "live";
        document.body.dataset.ready = "yes";
        sessionStorage.removeItem(TRIED_AGAIN);
        say("ready");
        followChoice();
      }
    };
    const observer = new MutationObserver(check);
    observer.observe(document.body, { childList: true, subtree: true });
    check();
  };

  // The address says what the live controls say, so that a reload or a shared link shows the same.
  const followChoice = () => {
    const note = () => {
      const query = document.querySelector(".cc-slot [data-query]")?.dataset.query;
      if (query === undefined || query === location.search.slice(1)) return;
      history.replaceState(null, "", query ? `?${query}` : location.pathname);
    };
    for (const slot of document.querySelectorAll(".cc-slot")) {
      new MutationObserver(note).observe(slot, { childList: true, subtree: true });
    }
  };

  const focusWidget = (slot, name) => {
    if (!name) return;
    const widget = slot.querySelector(`.cc-control-${CSS.escape(name)} select, .cc-control-${CSS.escape(name)} input`);
    widget?.focus();
  };

  const upgrade = async (filters) => {
    if (upgrading) return;
    upgrading = true;
    say("starting");
    const shown = new URLSearchParams(filters);
    const asked = new URLSearchParams(filters);
    asked.set("live", "1");
    try {
      const answer = await fetch(`${location.pathname}?${asked}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      const page = parse(await read(answer));
      if (page.body.dataset.page === "finished") {
        // No place for another kernel: the server sent what is here already.
        say("full");
        upgrading = false;
        return;
      }
      swap(page);
      history.replaceState(null, "", shown.size ? `?${shown}` : location.pathname);
    } catch (error) {
      say("failed");
      upgrading = false;
    }
  };

  const isFinished = () => document.body.dataset.page === "finished";

  // The same bytes serve as latest and as older edition; only the address tells which it is.
  const hasOwnAddress = () => /^\/edisi\//.test(location.pathname);

  const show = (note) => {
    for (const line of document.querySelectorAll(note)) line.hidden = false;
  };

  const kernelOf = () => {
    const config = document.getElementById("jupyter-config-data");
    return config ? JSON.parse(config.textContent).kernelId || "" : "";
  };

  // A page left open says when it has become an older one, and when its kernel has gone.
  const ask = async () => {
    const edition = document.querySelector("[data-older-edition]")?.dataset.olderEdition;
    if (document.hidden || !edition) return;
    const kernel = kernelOf();
    try {
      const answer = await fetch(`/edisi/terbaru.json${kernel ? `?kernel=${encodeURIComponent(kernel)}` : ""}`);
      if (!answer.ok) return;
      const { edition: latest, live } = await answer.json();
      if (latest && latest !== edition) show(hasOwnAddress() ? "[data-older-edition]" : "[data-newer-edition]");
      if (!live) show("[data-live-ended]");
    } catch (error) {
      // The server cannot be reached at the moment; the next time may be better.
    }
  };

  const keepAsking = () => {
    if (hasOwnAddress()) ask();
    setInterval(ask, ASK_EVERY_MS);
    document.addEventListener("visibilitychange", ask);
  };

  document.addEventListener("change", (event) => {
    if (isFinished() && event.target.matches?.(FILTER)) upgrade(filtersOf(document));
  });
  document.addEventListener("click", (event) => {
    if (isFinished() && event.target.closest?.("[data-go-live]")) upgrade(filtersOf(document));
  });

  // The other language shows what is chosen here: the filters go along.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".cc-header__languages a");
    if (link) link.search = location.search;
  });

  // Enter in a control chooses its value; the form itself leads nowhere.
  document.addEventListener("submit", (event) => {
    if (event.target.matches?.(".cc-controls")) event.preventDefault();
  });

  keepAsking();
  if (isFinished() && document.querySelector(FILTER)) {
    const asked = new URLSearchParams(location.search);
    const known = [...document.querySelectorAll(FILTER)].map((control) => control.dataset.filter);
    for (const name of [...asked.keys()]) if (!known.includes(name)) asked.delete(name);
    if (asked.size) upgrade(asked);
  } else if (!isFinished()) {
    watchSlots();
  }
})();
