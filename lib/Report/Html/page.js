"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const R = data.rows, count = R.size.length;
  const levels = {
    "module": ["module", "package", "symbol"],
    "package": ["package", "kind", "symbol"],
    "section": ["section", "module", "package", "symbol"],
    "kind": ["kind", "module", "package", "symbol"],
  };
  const labelOf = {
    module: (i) => { const m = data.modules[data.packages[R.package[i]].m]; return m.n + (m.v ? " " + m.v : ""); },
    package: (i) => data.packages[R.package[i]].n,
    section: (i) => data.sections[R.section[i]],
    kind: (i) => data.kinds[R.kind[i]],
    symbol: (i) => data.names[R.name[i]],
  };
  const keyOf = {
    module: (i) => data.packages[R.package[i]].m,
    package: (i) => R.package[i],
    section: (i) => R.section[i],
    kind: (i) => R.kind[i],
    symbol: (i) => R.name[i] * data.kinds.length + R.kind[i],
  };
  const isRest = {
    module: (i) => data.modules[data.packages[R.package[i]].m].r === 1,
    package: (i) => data.packages[R.package[i]].r === 1,
    section: () => false, kind: () => false,
    symbol: (i) => R.plain[i] === 1,
  };
  let metric = "size", mode = "module", root, here, selected = 0, order = "size", falling = true, boxes = [];

  const fmt = (n) => {
    if (n < 1024) return n + " B";
    let u = -1;
    do { n /= 1024; u++; } while (n >= 1023.95 && u < 5);
    return n.toFixed(1) + " " + ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][u];
  };
  const share = (n) => (100 * n / (metric === "size" ? data.size : data.memory || 1)).toFixed(n ? 1 : 0) + " %";

  function node(name, rows, depth, parent, rest) {
    let size = 0, memory = 0;
    for (const i of rows) { size += R.size[i]; memory += R.memory[i]; }
    return { name, rows, depth, parent, rest, size, memory, kids: null, hue: 0 };
  }
  function kids(n) {
    if (n.kids) return n.kids;
    const level = levels[mode][n.depth];
    if (!level) return (n.kids = []);
    const groups = new Map();
    for (const i of n.rows) {
      const k = keyOf[level](i);
      const g = groups.get(k);
      if (g) g.push(i); else groups.set(k, [i]);
    }
    n.kids = [...groups.values()].map((rows) => node(labelOf[level](rows[0]), rows, n.depth + 1, n, isRest[level](rows[0])));
    n.kids.sort((a, b) => b[metric] - a[metric] || (a.name < b.name ? -1 : 1));
    n.kids.forEach((k) => { k.hue = n.depth ? n.hue : hue(k.name); });
    return n.kids;
  }
  function hue(text) {
    let h = 7;
    for (let i = 0; i < text.length; i++) h = (h * 31 + text.charCodeAt(i)) >>> 0;
    return h % 360;
  }
  function matching() {
    const text = $("search").value.trim().toLowerCase();
    const all = new Array(count);
    for (let i = 0; i < count; i++) all[i] = i;
    if (!text) return all;
    const hit = (list, f) => list.map((x) => f(x).toLowerCase().includes(text));
    const names = hit(data.names, (x) => x), packages = hit(data.packages, (p) => p.n + " " + data.modules[p.m].n);
    const sections = hit(data.sections, (x) => x), kinds = hit(data.kinds, (x) => x);
    return all.filter((i) => names[R.name[i]] || packages[R.package[i]] || sections[R.section[i]] || kinds[R.kind[i]]);
  }
  function rebuild() {
    const path = [];
    for (let n = here; n && n.parent; n = n.parent) path.unshift(n.name);
    root = node(data.file, matching(), 0, null, false);
    here = root;
    for (const name of path) {
      const next = kids(here).find((k) => k.name === name);
      if (!next) break;
      here = next;
    }
    selected = 0;
    show();
  }
  function go(n) { if (n && kids(n).length) { here = n; selected = 0; show(); } }

  // Squarified treemap (Bruls, Huizing, van Wijk 2000).
  function squarify(items, x, y, w, h, place) {
    let total = 0;
    for (const it of items) total += it[metric];
    if (total <= 0 || w <= 0 || h <= 0) return;
    const scale = w * h / total;
    let i = 0;
    while (i < items.length && items[i][metric] > 0) {
      const side = Math.min(w, h);
      if (side < 0.5) return;
      let sum = 0, worst = Infinity, j = i;
      for (; j < items.length; j++) {
        const a = items[j][metric] * scale;
        if (a <= 0) break;
        const s = sum + a, min = a, max = items[i][metric] * scale;
        const ratio = Math.max(side * side * max / (s * s), s * s / (side * side * min));
        if (ratio > worst) break;
        worst = ratio; sum = s;
      }
      const thick = sum / side;
      let at = 0;
      for (let k = i; k < j; k++) {
        const len = items[k][metric] * scale / thick;
        if (w >= h) place(items[k], x, y + at, thick, len); else place(items[k], x + at, y, len, thick);
        at += len;
      }
      if (w >= h) { x += thick; w -= thick; } else { y += thick; h -= thick; }
      i = j;
    }
  }
  const isDark = () => {
    const t = document.documentElement.dataset.theme;
    return t ? t === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  function colour(n, level) {
    const light = (isDark() ? 58 : 76) + level * 6;
    return n.rest ? `hsl(210 6% ${light}%)` : `hsl(${n.hue} 46% ${light}%)`;
  }
  function draw() {
    const canvas = $("canvas"), box = $("map").getBoundingClientRect(), dpr = devicePixelRatio || 1;
    canvas.width = Math.max(1, box.width * dpr); canvas.height = Math.max(1, box.height * dpr);
    const g = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    g.scale(dpr, dpr);
    const ink = style.getPropertyValue("--text-on-box"), edge = style.getPropertyValue("--bg");
    boxes = [];
    const list = kids(here), chosen = list[selected];
    const paint = (n, x, y, w, h, level, top) => {
      if (w < 1.5 || h < 1.5) return;
      g.fillStyle = colour(n, level);
      g.fillRect(x, y, w, h);
      if (w > 3 && h > 3) { g.strokeStyle = edge; g.lineWidth = level ? 0.5 : 1.5; g.strokeRect(x, y, w, h); }
      if (!level) boxes.push({ n, x, y, w, h });
      let head = 0;
      if (w > 42 && h > 17) {
        head = 17;
        g.fillStyle = ink;
        g.font = (level ? "" : "600 ") + "12px system-ui, sans-serif";
        g.save(); g.beginPath(); g.rect(x + 3, y, w - 6, h); g.clip();
        g.fillText(n.rest ? "[" + n.name + "]" : n.name, x + 4, y + 13);
        if (h > 34 && !kids(n).length) { g.font = "11px system-ui, sans-serif"; g.fillText(fmt(n[metric]), x + 4, y + 28); }
        g.restore();
      }
      if (level < 2 && w > 30 && h > 30 && head) {
        const inner = kids(n);
        if (inner.length > 1 || (inner.length === 1 && level === 0))
          squarify(inner, x + 3, y + head, w - 6, h - head - 3, (k, a, b, c, d) => paint(k, a, b, c, d, level + 1));
      }
    };
    if (!list.length) paint(here, 0, 0, box.width, box.height, 0);
    squarify(list, 0, 0, box.width, box.height, (k, x, y, w, h) => paint(k, x, y, w, h, 0));
    const mark = boxes.find((b) => b.n === chosen);
    if (mark) { g.strokeStyle = style.getPropertyValue("--accent"); g.lineWidth = 3; g.strokeRect(mark.x + 1.5, mark.y + 1.5, mark.w - 3, mark.h - 3); }
  }
  function sorted() {
    const list = kids(here).slice();
    const sign = falling ? -1 : 1;
    list.sort((a, b) => order === "name" ? (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) * -sign : sign * (a[order] - b[order]) || (a.name < b.name ? -1 : 1));
    return list;
  }
  const MaxRows = 1000;
  function table() {
    const body = $("rows"), list = sorted(), chosen = kids(here)[selected];
    body.textContent = "";
    for (const n of list.slice(0, MaxRows)) {
      const tr = document.createElement("tr");
      tr.className = (n === chosen ? "chosen " : "") + (n.rest ? "rest" : "");
      for (const text of [n.rest ? "[" + n.name + "]" : n.name, fmt(n.size), share(n[metric]), fmt(n.memory)]) {
        const td = document.createElement("td");
        td.textContent = text;
        tr.append(td);
      }
      tr.onclick = () => { if (kids(n).length) go(n); else { selected = kids(here).indexOf(n); show(); } };
      body.append(tr);
    }
    $("more").textContent = list.length > MaxRows ? `${list.length - MaxRows} more: search to narrow them down` : "";
    document.querySelectorAll("th button").forEach((b) => {
      const on = b.dataset.order === order;
      b.closest("th").setAttribute("aria-sort", on ? (falling ? "descending" : "ascending") : "none");
      b.textContent = b.dataset.label + (on ? (falling ? " ▾" : " ▴") : "");
    });
    const row = body.querySelector(".chosen");
    if (row) row.scrollIntoView({ block: "nearest" });
  }
  function crumbs() {
    const path = $("path");
    path.textContent = "";
    const chain = [];
    for (let n = here; n; n = n.parent) chain.unshift(n);
    chain.forEach((n, i) => {
      if (i) path.append(" › ");
      const last = i + 1 === chain.length;
      const e = document.createElement(last ? "span" : "button");
      e.textContent = n.name;
      if (last) e.className = "here"; else e.onclick = () => go(n);
      path.append(e);
    });
    path.append(`  ${fmt(here.size)} in the file, ${fmt(here.memory)} in memory`);
  }
  function show() { crumbs(); table(); draw(); }

  const at = (e) => {
    const r = $("canvas").getBoundingClientRect(), x = e.clientX - r.left, y = e.clientY - r.top;
    return boxes.find((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
  };
  $("canvas").onmousemove = (e) => {
    const b = at(e), tip = $("tip");
    if (!b) { tip.style.display = "none"; return; }
    tip.textContent = `${b.n.rest ? "[" + b.n.name + "]" : b.n.name}: ${fmt(b.n.size)} (${share(b.n[metric])}), ${fmt(b.n.memory)} in memory`;
    tip.style.display = "block";
    tip.style.left = Math.min(e.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(e.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
  };
  $("canvas").onmouseleave = () => { $("tip").style.display = "none"; };
  $("canvas").onclick = (e) => {
    const b = at(e);
    if (!b) return;
    if (kids(b.n).length) go(b.n); else { selected = kids(here).indexOf(b.n); show(); }
  };
  $("mode").onchange = () => { mode = $("mode").value; here = null; rebuild(); };
  $("metric").onchange = () => { metric = $("metric").value; here = null; rebuild(); };
  let wait;
  $("search").oninput = () => { clearTimeout(wait); wait = setTimeout(rebuild, 120); };
  $("theme").onclick = () => { document.documentElement.dataset.theme = isDark() ? "light" : "dark"; draw(); };
  document.querySelectorAll("th button").forEach((b) => {
    b.onclick = () => { falling = order === b.dataset.order ? !falling : b.dataset.order !== "name"; order = b.dataset.order; table(); };
  });
  addEventListener("keydown", (e) => {
    const typing = e.target.id === "search";
    if (e.key === "/" && !typing) { e.preventDefault(); $("search").focus(); return; }
    if (e.key === "Escape") {
      if (typing && $("search").value) { $("search").value = ""; rebuild(); } else if (typing) $("search").blur(); else go(here.parent);
      return;
    }
    if (typing || e.target.tagName === "SELECT") return;
    const list = sorted(), i = list.indexOf(kids(here)[selected]);
    const pick = (j) => { e.preventDefault(); if (list[j]) { selected = kids(here).indexOf(list[j]); show(); } };
    if (e.key === "ArrowDown" || e.key === "ArrowRight") pick(Math.min(i + 1, list.length - 1));
    else if (e.key === "ArrowUp" || e.key === "ArrowLeft") pick(Math.max(i - 1, 0));
    else if (e.key === "Home") pick(0);
    else if (e.key === "End") pick(list.length - 1);
    else if (e.key === "Enter" && e.target.tagName !== "BUTTON") { e.preventDefault(); go(kids(here)[selected]); }
    else if (e.key === "Backspace") go(here.parent);
  });
  new ResizeObserver(() => draw()).observe($("map"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
  rebuild();
})();
