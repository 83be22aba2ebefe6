// The road page: the budget and the map's zoom. Without this script the map, the filter and every strip can be read
// all the same, and the plan of one budget is shown.
"use strict";

(() => {
  const begin = () => {
    const root = document.querySelector("[data-roads]");
    if (!root || root.dataset.started) return;
    root.dataset.started = "yes";
    budget(root);
    const map = root.querySelector("[data-map]");
    if (map) zoom(root, map);
  };

  const budget = (root) => {
    const slider = root.querySelector("[data-budget-slider]");
    if (!slider) return;
    slider.closest("[data-needs-script]")?.removeAttribute("hidden");
    const plans = [...root.querySelectorAll("[data-budget]")];
    const works = [...root.querySelectorAll("[data-works]")].map((node) => [node, Number(node.dataset.works)]);
    const show = () => {
      const chosen = Number(slider.value);
      for (const plan of plans) plan.hidden = Number(plan.dataset.budget) !== chosen;
      for (const [node, bits] of works) node.classList.toggle("cc-is-works", Math.floor(bits / 2 ** chosen) % 2 === 1);
      const label = plans[chosen]?.dataset.label || "";
      slider.setAttribute("aria-valuetext", label);
      root.querySelector("[data-budget-shown]").textContent = label;
    };
    slider.addEventListener("input", show);
    show();
  };

  const zoom = (root, map) => {
    const whole = map.getAttribute("viewBox").split(" ").map(Number);
    let [x, y, width, height] = whole;
    const draw = () => {
      width = Math.min(whole[2], Math.max(whole[2] / 24, width));
      height = (width * whole[3]) / whole[2];
      x = Math.min(whole[2] - width, Math.max(0, x));
      y = Math.min(whole[3] - height, Math.max(0, y));
      map.setAttribute("viewBox", [x, y, width, height].map((each) => each.toFixed(1)).join(" "));
      map.style.setProperty("--cc-zoom", (width / whole[2]) ** 0.65);
    };
    const by = (factor, atX = 0.5, atY = 0.5) => {
      const before = width;
      width = Math.min(whole[2], Math.max(whole[2] / 24, width * factor));
      x += (before - width) * atX;
      y += ((before - width) * atY * whole[3]) / whole[2];
      draw();
    };
    const move = (dx, dy) => {
      x += dx * width;
      y += dy * height;
      draw();
    };
    const reset = () => {
      [x, y, width, height] = whole;
      draw();
    };
    const act = { in: () => by(0.6), out: () => by(1 / 0.6), reset };
    for (const button of root.querySelectorAll("[data-zoom]")) {
      button.closest("[data-needs-script]")?.removeAttribute("hidden");
      button.addEventListener("click", () => act[button.dataset.zoom]());
    }
    map.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
      if (moves[event.key]) move(...moves[event.key]);
      else if (event.key === "+" || event.key === "=") by(0.6);
      else if (event.key === "-") by(1 / 0.6);
      else if (event.key === "0") reset();
      else return;
      event.preventDefault();
    });
    map.addEventListener(
      "wheel",
      (event) => {
        // A plain wheel scrolls the page; the map takes it with Ctrl, as maps in pages do.
        if (!event.ctrlKey) return;
        event.preventDefault();
        const box = map.getBoundingClientRect();
        by(event.deltaY < 0 ? 0.8 : 1.25, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      },
      { passive: false },
    );
    let from = null;
    let dragged = false;
    map.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      dragged = false;
    });
    map.addEventListener("pointermove", (event) => {
      if (!from || event.buttons !== 1) return;
      const box = map.getBoundingClientRect();
      const dx = (from[0] - event.clientX) / box.width;
      const dy = (from[1] - event.clientY) / box.height;
      if (!dragged && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < 5) return;
      dragged = true;
      from = [event.clientX, event.clientY];
      move(dx, dy);
    });
    map.addEventListener(
      "click",
      (event) => {
        if (dragged) event.preventDefault();
        from = null;
        dragged = false;
      },
      true,
    );
    map.addEventListener("dragstart", (event) => event.preventDefault());
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
