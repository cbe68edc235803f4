// Data in, what the plotting library is to draw out. glance.js goes on where this ends, in the same function.
const words = /*WORDS*/ {};
const symbols = { "◆": "diamond", "●": "circle", "▲": "triangle-up", "■": "square", "★": "star", "▼": "triangle-down", "✚": "cross", "⬟": "pentagon", "○": "circle-open" };
const DAY = 86_400_000;
const settings = { displayModeBar: false, responsive: false, doubleClick: "reset", showTips: false };

// The library reads a text as a little HTML, with links: what comes out of documents is made plain first.
function plain(text, most) {
  const line = text.replace(/\s+/g, " ").trim();
  const short = line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
  return short.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
}

// In lines of whole words, where there is room for several.
function broken(text, most, lines) {
  const found = [""];
  for (const word of text.replace(/\s+/g, " ").trim().split(" ")) {
    if (found.length < lines && found.at(-1) && found.at(-1).length + word.length >= most) found.push("");
    found.push([found.pop(), word].filter(Boolean).join(" "));
  }
  return found.map((line) => plain(line, most)).join("<br>");
}

// A sign in its colour, which comes from our own style sheet.
const sign = (side, ink) => (side ? `<span style="color:${ink.of(side.style)}">${side.glyph}</span> ` : "");

// The colours of the style sheet as they are now, light or dark.
function inks() {
  const probe = make("span", { hidden: "" });
  element.append(probe);
  const read = (name, style = "") => {
    probe.className = style;
    return getComputedStyle(probe).getPropertyValue(name).trim();
  };
  const found = { of: (style) => read("--c", style), ink: read("--ink"), soft: read("--soft"), line: read("--line"), paper: read("--paper"), accent: read("--accent") };
  const styles = Object.fromEntries([...Array(8).keys(), "x"].map((key) => [`p-${key}`, found.of(`p-${key}`)]));
  probe.remove();
  return { ...found, of: (style) => styles[style] };
}

function frame(ink, more) {
  return { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false, hovermode: "closest", margin: { l: 6, r: 6, t: 6, b: 6 }, font: { family: "system-ui, sans-serif", size: 13, color: ink.ink }, ...more };
}

const sideOf = (sides, ids) => sides.find((side) => ids.includes(side.id)) ?? { style: "p-x", glyph: "○", label: "" };

// A dot for each passage, in the colour and the sign of its first side, and a ring for the one that is open.
function mapOf({ points, documents, landmarks }, sides, picked, ink, narrow) {
  const traces = new Map();
  points.forEach(([document, , , x, y], at) => {
    const side = sideOf(sides, documents[document].sides);
    if (!traces.has(side)) traces.set(side, { x: [], y: [], customdata: [] });
    const trace = traces.get(side);
    trace.x.push(x);
    trace.y.push(y);
    trace.customdata.push(at);
  });
  const size = points.length > 600 ? 7 : points.length > 150 ? 9 : 13;
  const drawn = [...traces].map(([side, trace]) => ({
    ...trace, type: "scatter", mode: "markers", hoverinfo: "none",
    marker: { symbol: symbols[side.glyph], color: ink.of(side.style), size, opacity: 0.85, line: { width: side.glyph === "○" ? 1.6 : 0.8, color: side.glyph === "○" ? ink.of(side.style) : ink.paper } },
  }));
  const ring = { type: "scatter", mode: "markers", hoverinfo: "skip", x: [picked?.[3] ?? null], y: [picked?.[4] ?? null], marker: { symbol: "circle-open", size: size + 12, color: ink.ink, line: { width: 2.5 } } };
  const axis = { visible: false, range: [-0.04, 1.04] };
  return { data: [...drawn, ring], layout: frame(ink, { xaxis: axis, yaxis: axis, annotations: landmarks.map(([x, y, text]) => ({ x, y, text: plain(text, 28), showarrow: false, captureevents: false, font: { size: 12.5, color: ink.ink }, bgcolor: ink.paper, opacity: 0.88, borderpad: 2 })), dragmode: narrow ? false : "zoom" }) };
}

// A lane for each side. Where a date is known to the month or the year, a hollow sign in the middle of its line.
function timelineOf({ dated }, sides, ink, narrow) {
  const lanes = sides.filter((side) => dated.some((one) => one.sides.includes(side.id)));
  const drawn = lanes.map((side, lane) => {
    const here = dated.map((one, at) => [one, at]).filter(([one]) => one.sides.includes(side.id));
    const spans = here.map(([one]) => [Date.parse(one.first), Date.parse(one.last)]);
    return {
      type: "scatter", mode: "markers", hoverinfo: "none",
      x: spans.map(([first, last]) => new Date((first + last) / 2).toISOString().slice(0, 10)),
      y: here.map((_, number) => lane + (((number * 0.618) % 1) - 0.5) * 0.56),
      customdata: here.map(([, at]) => at),
      error_x: { type: "data", array: spans.map(([first, last]) => (last - first) / 2), color: ink.of(side.style), thickness: 1.6, width: 4 },
      marker: {
        color: ink.of(side.style), size: here.length > 150 ? 8 : 12, line: { width: 1.6, color: ink.of(side.style) },
        symbol: spans.map(([first, last]) => symbols[side.glyph].replace("-open", "") + (last - first < DAY && side.glyph !== "○" ? "" : "-open")),
      },
    };
  });
  const days = dated.flatMap((one) => [Date.parse(one.first), Date.parse(one.last)]);
  const room = Math.max((Math.max(...days) - Math.min(...days)) * 0.05, 3 * DAY);
  const names = lanes.map((side) => sign(side, ink) + plain(side.label, narrow ? 16 : 30));
  return {
    data: drawn,
    height: 60 + 58 * lanes.length,
    layout: frame(ink, {
      margin: { l: 10, r: 10, t: 6, b: 34 }, dragmode: false,
      xaxis: { type: "date", range: [Math.min(...days) - room, Math.max(...days) + room].map((time) => new Date(time).toISOString()), gridcolor: ink.line, linecolor: ink.line, tickfont: { color: ink.soft }, fixedrange: true, nticks: narrow ? 4 : 10, tickformatstops: [{ dtickrange: [null, 2_592_000_000], value: "%-d %b %Y" }, { dtickrange: [2_592_000_000, "M11"], value: "%b %Y" }, { dtickrange: ["M12", null], value: "%Y" }] },
      yaxis: { range: [lanes.length - 0.5, -0.5], tickvals: lanes.map((_, lane) => lane), ticktext: names, automargin: true, fixedrange: true, gridcolor: ink.line, zeroline: false },
    }),
  };
}

// A square for each pair, the darker the more often, with the number in it.
function quotingOf({ columns, speakers, counts }, sides, ink, narrow) {
  const most = Math.max(1, ...counts.flat());
  const few = columns.length < 7 && !narrow;
  const named = columns.map(({ id, name }) => sign(sides.find((side) => side.id === id), ink) + (few ? broken(name, 18, 3) : plain(name, narrow ? 18 : 30)));
  const axis = { fixedrange: true, showgrid: false, zeroline: false, automargin: true, ticks: "" };
  return {
    data: [{
      type: "heatmap", hoverinfo: "none", showscale: false, xgap: 3, ygap: 3, zmin: 0, zmax: most,
      z: counts.map((row) => row.map((count) => count || null)), texttemplate: "%{z}", textfont: { size: 12.5, color: ink.ink },
      colorscale: [[0, `color-mix(in srgb, ${ink.accent} 10%, ${ink.paper})`], [1, `color-mix(in srgb, ${ink.accent} 52%, ${ink.paper})`]].map(([at, colour]) => [at, mixed(colour)]),
    }],
    height: (few ? 80 : 150) + 27 * speakers.length,
    width: (few ? 220 : 290) + 44 * columns.length,
    layout: frame(ink, {
      margin: { l: 10, r: few ? 10 : 100, t: 10, b: 10 }, dragmode: false,
      xaxis: { ...axis, side: "top", tickvals: columns.map((_, at) => at), ticktext: named, tickangle: few ? 0 : -35, range: [-0.5, columns.length - 0.5] },
      yaxis: { ...axis, tickvals: speakers.map((_, at) => at), ticktext: speakers.map((name) => plain(name, narrow ? 20 : 34)), range: [speakers.length - 0.5, -0.5] },
    }),
  };
}

// The library knows fewer ways than a style sheet to write a colour.
function mixed(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d");
  const probe = make("span", { style: `color: ${colour}`, hidden: "" });
  element.append(probe);
  pen.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}
