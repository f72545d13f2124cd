'use strict';
(() => {
  const $ = id => document.getElementById(id);
  const report = JSON.parse($('report-data').textContent);
  const timeline = JSON.parse($('timeline-data').textContent);
  const unit = timeline.unit_ns;
  const elapsed = report.elapsed_ns;

  // Figures for people, as the text report has them.
  const digits = n => { const a = Math.abs(n); return n.toFixed(a < 9.995 ? 2 : a < 99.95 ? 1 : 0); };
  const two = n => String(n).padStart(2, '0');
  function time(ns) {
    if (ns < 999.5) return Math.round(ns) + ' ns';
    if (ns < 999.5e3) return digits(ns / 1e3) + ' µs';
    if (ns < 999.5e6) return digits(ns / 1e6) + ' ms';
    if (ns < 99.95e9) return digits(ns / 1e9) + ' s';
    const s = Math.round(ns / 1e9);
    return s < 3600 ? Math.floor(s / 60) + ':' + two(s % 60) + ' min'
      : Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60) + ' h';
  }
  function bytes(b) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
    let i = 0;
    while (b >= 999.5 && i < 5) { b /= 1000; i++; }
    return (i ? digits(b) : Math.round(b)) + ' ' + units[i];
  }
  const percent = p => { const x = 100 * p; return x === 0 || x >= 9.95 ? Math.round(x) + ' %' : x < 0.05 ? '<0.1 %' : x.toFixed(1) + ' %'; };
  const count = n => n.toLocaleString('en-US');
  const plural = (n, noun) => count(n) + ' ' + noun + (n === 1 ? '' : 's');
  const number = n => Math.abs(n) >= 999.5 ? count(Math.round(n)) : digits(n);
  function element(tag, text, className) {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (className) e.className = className;
    return e;
  }
  /** Text in which `names` are code. */
  function prose(parent, text) {
    text.split('`').forEach((part, i) => parent.append(i % 2 ? element('code', part) : part));
    return parent;
  }

  // Colours: the functions with most time get the ones that differ most; they can be told apart on light and dark ground.
  const PALETTE = ['#3b82c4', '#e08a1e', '#2f9e6e', '#c4527f', '#8a6fd1', '#b58a00', '#1aa3b0', '#d0583a', '#6d8f1f', '#a05fb0', '#5673d8', '#9a6b43'];
  const rank = new Map(report.functions.map((f, i) => [f.name, i]));
  const colours = timeline.functions.map(name => {
    const place = rank.has(name) ? rank.get(name) : timeline.functions.length;
    if (place < PALETTE.length) return PALETTE[place];
    const hue = (place * 137.5) % 360, light = 45 + (place % 3) * 6;
    return hex(hue, 35, light);
  });
  function hex(h, s, l) {
    const a = s * Math.min(l, 100 - l) / 10000;
    const f = n => { const k = (n + h / 30) % 12; return Math.round(255 * (l / 100 - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)))).toString(16).padStart(2, '0'); };
    return '#' + f(0) + f(8) + f(4);
  }
  const rgb = colours.map(c => [1, 3, 5].map(i => parseInt(c.slice(i, i + 2), 16)));

  // ---- The page around the timeline
  $('summary').textContent = plural(report.tasks, 'task') + (report.failed ? ' (' + count(report.failed) + ' failed)' : '')
    + ' on ' + plural(report.cores, 'core') + ' of ' + plural(report.nodes.length, 'node') + ' in ' + time(elapsed)
    + (report.begun ? ', begun ' + report.begun : '');
  for (const advice of report.advice) {
    const item = prose(element('li'), advice.what);
    item.append(prose(element('span', undefined, 'todo'), advice.todo));
    $('advice').append(item);
  }
  if (!report.advice.length) {
    const nothing = report.tasks ? 'Nothing stands out: the cores were in tasks for ' + percent(report.efficiency.parallel) + ' of their time.' : 'No task ran.';
    $('advice').replaceWith(element('p', nothing));
  }
  report.notes.forEach(note => $('notes').append(element('li', note)));

  function figure(name, value, more) {
    const box = element('div'), dd = element('dd', value);
    if (more) dd.append(element('small', more));
    box.append(element('dt', name), dd);
    $('figures').append(box);
  }
  figure('Parallel efficiency', percent(report.efficiency.parallel), 'of the cores’ time in tasks');
  figure('Load balance', percent(report.efficiency.load_balance), 'mean core by the busiest');
  figure('Communication', percent(report.efficiency.communication), 'of the time the busiest core was in tasks');
  figure('Cores in tasks', number(report.concurrency.mean_cores), 'mean; at most ' + count(report.concurrency.peak_cores) + ' of ' + count(report.cores));
  if (report.ready_tasks) figure('Ready tasks', number(report.ready_tasks.mean), 'mean; at most ' + count(report.ready_tasks.peak));
  if (report.critical_path) figure('Critical path', time(report.critical_path.length_ns), percent(report.critical_path.length_ns / elapsed) + ' of the time; work for ' + number(report.critical_path.parallelism_cores) + ' cores');
  if (report.overhead.before_mean_ns + report.overhead.after_mean_ns > 0) figure('Overhead per task', time(report.overhead.before_mean_ns + report.overhead.after_mean_ns), 'mean; median ' + time(report.overhead.median_ns));
  if (report.overhead.gaps) figure('Gap between tasks', time(report.overhead.gap_mean_ns), report.ready_tasks ? 'idle while a task was ready' : 'mean, on a core');
  if (report.main_program) figure('Main program waited', percent(report.main_program.waiting_ns / elapsed), 'of the time');
  if (report.use) figure('Busy on the nodes', number(report.use.cores_busy_mean), 'cores; tasks had ' + number(report.use.cores_in_tasks_mean));

  const kinds = [['tasks_core_ns', 'in tasks', '#2f9e6e'], ['around_tasks_core_ns', 'around tasks', '#8a6fd1'], ['idle_ready_core_ns', 'idle: tasks ready', '#c0232c'],
    ['idle_transfers_core_ns', 'idle: transfers', '#e08a1e'], ['idle_main_program_core_ns', 'idle: main program', '#b58a00'], ['idle_calling_tasks_core_ns', 'idle: calling tasks', '#1aa3b0'],
    ['idle_nothing_ready_core_ns', 'idle: nothing ready', '#7d8894'], ['before_first_task_core_ns', 'before first task', '#aab3bd'], ['after_last_task_core_ns', 'after last task', '#c9d0d7']];
  const coreTotal = Math.max(1, report.core_time.total_core_ns), told = [];
  for (const [key, name, colour] of kinds) {
    const part = report.core_time[key] / coreTotal;
    if (part < 0.0005) continue;
    const piece = element('span');
    piece.style.cssText = 'background:' + colour + ';flex:' + part;
    piece.title = name + ' ' + percent(part);
    $('core-bar').append(piece);
    const item = element('li'), swatch = element('span', undefined, 'swatch');
    swatch.style.background = colour;
    item.append(swatch, name + ' ' + percent(part));
    $('core-legend').append(item);
    told.push(name + ' ' + percent(part));
  }
  $('core-bar').setAttribute('aria-label', told.join(', '));

  /** A table whose columns can be sorted by a click on their heading. Columns: heading, value, shown text or element, whether it is text. */
  function table(target, columns, rows, sorted) {
    const head = element('thead'), body = element('tbody'), line = element('tr');
    const fill = () => body.replaceChildren(...rows.map(row => {
      const tr = element('tr');
      for (const [, value, shown, text, mark] of columns) {
        const td = element('td', undefined, text ? 'text' : mark && mark(row) ? 'bad' : undefined);
        td.append(shown ? shown(row) : String(value(row)));
        tr.append(td);
      }
      return tr;
    }));
    const sort = (column, down) => {
      const value = columns[column][1];
      rows.sort((a, b) => { const x = value(a), y = value(b); return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1); });
      [...line.children].forEach((th, i) => th.setAttribute('aria-sort', i !== column ? 'none' : down ? 'descending' : 'ascending'));
      fill();
    };
    columns.forEach(([heading, , , text], i) => {
      const th = element('th', undefined, text ? 'text' : undefined), button = element('button', heading);
      th.scope = 'col';
      button.type = 'button';
      button.onclick = () => sort(i, th.getAttribute('aria-sort') !== 'descending');
      th.append(button);
      line.append(th);
    });
    head.append(line);
    $(target).replaceChildren(head, body);
    if (sorted === undefined) fill(); else sort(sorted, true);
  }
  function meter(part) {
    const outer = element('span', undefined, 'meter'), inner = element('i');
    inner.style.width = Math.min(100, 100 * part) + '%';
    outer.append(inner);
    return outer;
  }
  const withMeter = (text, part) => { const span = element('span', text); span.append(meter(part)); return span; };
  const swatched = name => {
    const span = element('span'), swatch = element('span', undefined, 'swatch');
    swatch.style.background = colours[timeline.functions.indexOf(name)] || 'gray';
    span.append(swatch, element('code', name));
    return span;
  };
  table('functions', [
    ['Function', f => f.name, f => swatched(f.name), true], ['Tasks', f => f.count, f => count(f.count)], ['Failed', f => f.failed, f => count(f.failed), false, f => f.failed],
    ['Total', f => f.total_ns, f => time(f.total_ns)], ['Mean', f => f.mean_ns, f => time(f.mean_ns)], ['Median', f => f.median_ns, f => time(f.median_ns)],
    ['95 %', f => f.p95_ns, f => time(f.p95_ns)], ['Longest', f => f.max_ns, f => time(f.max_ns)], ['Variation', f => f.cv, f => f.cv.toFixed(2)],
    ...(report.functions.some(f => f.cost_median_ns > 0) ? [['Around', f => f.cost_median_ns, f => time(f.cost_median_ns)]] : []), ['Cores', f => f.cores_peak], ['Share', f => f.share, f => withMeter(percent(f.share), f.share)]],
  report.functions, report.functions.some(f => f.cost_median_ns > 0) ? 11 : 10);
  const busyPart = n => n.tasks_core_ns / Math.max(1, n.cores) / elapsed;
  table('nodes', [
    ['Node', n => n.name, undefined, true], ['Cores', n => n.cores], ['Tasks', n => n.tasks, n => count(n.tasks)],
    ['In tasks', busyPart, n => withMeter(percent(busyPart(n)), busyPart(n))],
    ['Pace', n => n.pace || 0, n => n.pace === null ? '–' : n.pace.toFixed(2)]], report.nodes);
  if (report.main_program && report.main_program.calls.length) {
    $('main-section').hidden = false;
    table('calls', [['Call', c => c.name, undefined, true], ['Times', c => c.count, c => count(c.count)],
      ['Time', c => c.time_ns, c => withMeter(time(c.time_ns), c.time_ns / elapsed)]], report.main_program.calls, 2);
  }
  if (report.transfers.length) {
    $('transfers-section').hidden = false;
    table('transfers', [['From', t => t.from, undefined, true], ['To', t => t.to, undefined, true], ['Number', t => t.count, t => count(t.count)],
      ['Size', t => t.size_bytes, t => bytes(t.size_bytes)], ['Time', t => t.time_ns, t => time(t.time_ns)]], report.transfers, 3);
  }
  {
    const all = report.concurrency.time_by_cores_ns, step = Math.max(1, Math.ceil((all.length - 1) / 10)), bars = [{ from: 0, to: 0 }];
    for (let from = 1; from < all.length; from += step) bars.push({ from, to: Math.min(all.length - 1, from + step - 1) });
    bars.forEach(bar => { bar.time = 0; for (let i = bar.from; i <= bar.to; i++) bar.time += all[i]; });
    table('concurrency', [['Cores', b => b.from, b => b.from === b.to ? String(b.from) : b.from + ' to ' + b.to], ['Time', b => b.time, b => time(b.time)],
      ['Of all', b => b.time, b => withMeter(percent(b.time / elapsed), b.time / elapsed)]], bars);
  }
  const taskColumns = [['Task', t => t.id, t => t.id ? String(t.id) : '–'], ['Function', t => t.function, t => swatched(t.function), true], ['Where', t => t.node, undefined, true],
    ['Begin', t => t.begin_ns, t => time(t.begin_ns)], ['Lasted', t => t.duration_ns, t => time(t.duration_ns)]];
  if (report.critical_path) {
    const path = report.critical_path;
    $('path-section').hidden = false;
    $('path-label').hidden = false;
    prose($('path-text'), 'The longest chain of tasks that needed each other, or that the main program waited for before it called the next: ' + plural(path.tasks, 'task') + ', ' + time(path.length_ns) + ' of ' + time(elapsed)
      + ' (' + percent(path.length_ns / elapsed) + '). By function: ' + path.functions.slice(0, 8).map(f => '`' + f.name + '` ' + percent(f.time_ns / path.length_ns)).join(', ')
      + '. Faster than that the run cannot be, on any number of nodes; no more than ' + number(path.parallelism_cores) + ' cores can be busy on average.');
    table('path-tasks', taskColumns, path.first_tasks.slice(0, 2000));
  }

  // ---- The tasks, from their columns
  function decode(id) {
    const text = atob($(id).textContent), all = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) all[i] = text.charCodeAt(i);
    $(id).textContent = '';
    return all.buffer;
  }
  const rows = timeline.rows, size = timeline.segments, exact = timeline.exact;
  const buffer = decode('segments-data');
  let at = 0;
  const column = (type, length) => { const c = new type(buffer.slice(at, at + length * type.BYTES_PER_ELEMENT)); at += length * type.BYTES_PER_ELEMENT; return c; };
  const first = column(Uint32Array, rows.length + 1);
  const begins = column(Uint32Array, size), lengths = column(Uint32Array, size), ids = column(Int32Array, size);
  const counts = exact ? null : column(Uint32Array, size);
  const functions = column(Uint16Array, size);
  const busy = exact ? null : column(Uint16Array, size);
  const flags = column(Uint8Array, size);
  const FAILED = 1, ON_PATH = 2;
  const moved = [];
  {
    const data = new DataView(decode('transfers-data'));
    for (let i = 0; i < timeline.transfers; i++) {
      moved.push({ left: data.getUint32(12 * i, true), lasted: data.getUint32(12 * i + 4, true), from: data.getUint16(12 * i + 8, true), to: data.getUint16(12 * i + 10, true) });
    }
    $('transfers-label').hidden = !moved.length;
  }
  const onPath = [];
  for (let r = 0; r < rows.length; r++) for (let i = first[r]; i < first[r + 1]; i++) if (flags[i] & ON_PATH) onPath.push({ r, i });
  onPath.sort((a, b) => begins[a.i] - begins[b.i]);

  // ---- View: a part of the time, in units, and how far rows are scrolled
  const whole = Math.max(1, elapsed / unit), GUTTER = 150, AXIS = 22, HEAD = 18;
  let from = 0, to = whole, scroll = 0, chosen = -1, hovered = -1;
  const hidden = new Set();
  const gantt = $('gantt'), curves = $('curves'), stage = $('stage'), tip = $('tip');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  let width = 0, height = 0, ratio = 1, rowHeight = 16, tops = [], content = 0;

  function layout() {
    width = Math.max(320, stage.clientWidth);
    ratio = Math.min(3, window.devicePixelRatio || 1);
    const nodes = new Set(rows.map(r => r.node)).size;
    const room = Math.max(180, Math.min(window.innerHeight * 0.62, 700)) - AXIS;
    rowHeight = Math.max(5, Math.min(26, Math.floor((room - nodes * HEAD) / Math.max(1, rows.length))));
    tops = [];
    content = 0;
    let node = -1;
    for (const row of rows) {
      if (row.node !== node) { content += HEAD; node = row.node; }
      tops.push(content);
      content += rowHeight;
    }
    height = AXIS + Math.min(room, Math.max(content, 40));
    for (const [canvas, h] of [[gantt, height], [curves, 96]]) {
      canvas.style.height = h + 'px';
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(h * ratio);
    }
    move(0);
  }
  const gutter = () => Math.min(GUTTER, width * 0.25);
  const x = t => gutter() + (t - from) / (to - from) * (width - gutter());
  const timeAt = px => from + (px - gutter()) / (width - gutter()) * (to - from);
  /** The first segment of a row that ends after t. Segments of a row do not overlap. */
  function firstAfter(row, t) {
    let lo = first[row], hi = first[row + 1];
    while (lo < hi) { const mid = (lo + hi) >> 1; if (begins[mid] + lengths[mid] < t) lo = mid + 1; else hi = mid; }
    return lo;
  }
  function firstFrom(row, t) {
    let lo = first[row], hi = first[row + 1];
    while (lo < hi) { const mid = (lo + hi) >> 1; if (begins[mid] <= t) lo = mid + 1; else hi = mid; }
    return lo;
  }
  function move(dy) { scroll = Math.max(0, Math.min(content - (height - AXIS), scroll + dy)); }
  function look(a, b) {
    const least = Math.min(whole, 20);
    let span = Math.max(least, Math.min(whole, b - a)), begin = a + (b - a - span) / 2;
    begin = Math.max(0, Math.min(whole - span, begin));
    from = begin;
    to = begin + span;
    draw();
  }
  const zoom = (factor, around) => { const t = around === undefined ? (from + to) / 2 : around; look(t - (t - from) * factor, t + (to - t) * factor); };

  let waiting = false;
  function draw() { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; paint(); }); } }

  function ticks() {
    const wanted = (to - from) * unit / Math.max(2, (width - gutter()) / 110), power = Math.pow(10, Math.floor(Math.log10(wanted)));
    const step = [1, 2, 5, 10].find(n => n * power >= wanted) * power, all = [];
    for (let t = Math.ceil(from * unit / step) * step; t <= to * unit; t += step) all.push(t);
    return { all, step };
  }
  function label(ns, step) {
    const scale = step >= 1e9 ? [1e9, ' s'] : step >= 1e6 ? [1e6, ' ms'] : step >= 1e3 ? [1e3, ' µs'] : [1, ' ns'];
    if (elapsed >= 100e9 && step >= 1e9) { const s = Math.round(ns / 1e9); return s >= 3600 ? Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) + ':' + two(s % 60) : Math.floor(s / 60) + ':' + two(s % 60); }
    return count(Math.round(ns / scale[0])) + scale[1];
  }

  function paint() {
    const g = gantt.getContext('2d'), ink = style('--ink'), soft = style('--soft'), line = style('--line'), band = style('--band'), card = style('--card'), mark = style('--mark'), bad = style('--bad');
    const left = gutter();
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = card;
    g.fillRect(0, 0, width, height);
    const { all, step } = ticks();
    g.save();
    g.beginPath();
    g.rect(0, AXIS, width, height - AXIS);
    g.clip();
    const shown = [];
    let visible = 0;
    for (let r = 0; r < rows.length; r++) {
      const y = AXIS + tops[r] - scroll;
      if (y + rowHeight < AXIS || y > height) continue;
      if (r % 2) { g.fillStyle = band; g.fillRect(left, y, width - left, rowHeight); }
      const begin = firstAfter(r, from), end = firstFrom(r, to);
      shown.push({ r, y, begin, end });
      visible += Math.max(0, end - begin);
    }
    g.strokeStyle = line;
    g.lineWidth = 1;
    g.beginPath();
    for (const t of all) { const p = Math.round(x(t / unit)) + 0.5; g.moveTo(p, AXIS); g.lineTo(p, height); }
    g.stroke();
    if (visible > 6000) dense(g, shown, left); else single(g, shown, left, bad, card);
    if ($('show-path').checked) path(g, mark);
    if ($('show-transfers').checked) transfers(g, ink);
    for (const [segment, w] of [[hovered, 1.5], [chosen, 2.5]]) if (segment >= 0) outline(g, segment, mark, w);
    g.restore();
    // Names are drawn last, over what was cut off at the left.
    g.fillStyle = card;
    g.fillRect(0, 0, left, height);
    g.font = '12px system-ui, sans-serif';
    g.textBaseline = 'middle';
    g.save();
    g.beginPath();
    g.rect(0, AXIS, width, height - AXIS);
    g.clip();
    let node = -1;
    for (let r = 0; r < rows.length; r++) {
      const y = AXIS + tops[r] - scroll;
      if (rows[r].node !== node) {
        node = rows[r].node;
        if (y > AXIS - HEAD && y - HEAD < height) {
          g.fillStyle = ink;
          g.font = '600 12px system-ui, sans-serif';
          g.fillText(fitted(g, timeline.nodes[node], left - 12), 6, y - HEAD / 2);
          g.font = '12px system-ui, sans-serif';
        }
      }
      if (rowHeight >= 12 && y > AXIS - rowHeight && y < height) { g.fillStyle = soft; g.fillText(fitted(g, rows[r].name, left - 20), 14, y + rowHeight / 2); }
    }
    g.restore();
    g.fillStyle = card;
    g.fillRect(0, 0, width, AXIS);
    g.fillStyle = soft;
    let free = left;
    for (const t of all) {
      const text = label(t, step), p = x(t / unit), half = g.measureText(text).width / 2;
      if (p - half >= free && p + half <= width) { g.fillText(text, p - half, AXIS / 2); free = p + half + 12; }
    }
    paintCurves(left, soft, line, card);
    $('view').textContent = time(from * unit) + ' to ' + time(to * unit) + (visible ? ', ' + plural(exact ? visible : countOf(shown), 'task') : ', no task');
    if ($('view-details').open) viewTable();
  }
  function countOf(shown) { let n = 0; for (const s of shown) for (let i = s.begin; i < s.end; i++) n += counts[i]; return n; }
  function fitted(g, text, room) {
    if (g.measureText(text).width <= room) return text;
    let t = text;
    while (t.length > 1 && g.measureText(t + '…').width > room) t = t.slice(0, -1);
    return t + '…';
  }
  /** Few tasks: each is a box. */
  function single(g, shown, left, bad, card) {
    const pad = rowHeight > 9 ? 2 : rowHeight > 6 ? 1 : 0.5;
    g.font = '11px system-ui, sans-serif';
    g.textBaseline = 'middle';
    for (const { y, begin, end } of shown) {
      for (let i = begin; i < end; i++) {
        if (hidden.has(functions[i])) continue;
        const a = Math.max(left, x(begins[i])), b = Math.min(width, x(begins[i] + lengths[i])), w = Math.max(1, b - a);
        g.fillStyle = colours[functions[i]];
        g.globalAlpha = busy ? Math.max(0.3, busy[i] / 1000) : 1;
        g.fillRect(a, y + pad, w > 3 ? w - 0.5 : w, rowHeight - 2 * pad);
        g.globalAlpha = 1;
        if (flags[i] & FAILED) { g.fillStyle = bad; g.fillRect(a, y + pad, w, Math.max(2, rowHeight / 4)); }
        if (w > 60 && rowHeight >= 12) { g.fillStyle = '#fff'; g.fillText(fitted(g, shortName(timeline.functions[functions[i]]), w - 8), a + 4, y + rowHeight / 2 + 0.5); }
      }
    }
  }
  const shortName = name => name.split('.').pop();
  /** Many: what fills each pixel of a row most, in one picture. */
  function dense(g, shown, left) {
    const w = Math.max(1, Math.round((width - left) * ratio)), picture = new OffscreenPicture(w, shown.length), scale = w / (to - from), pixels = picture.pixels;
    const cover = new Float32Array(w), most = new Float32Array(w), which = new Int32Array(w), failed = new Uint8Array(w);
    shown.forEach(({ begin, end }, line) => {
      cover.fill(0); most.fill(0); which.fill(-1); failed.fill(0);
      for (let i = begin; i < end; i++) {
        const f = functions[i];
        if (hidden.has(f)) continue;
        const a = Math.max(0, (begins[i] - from) * scale), b = Math.min(w, (begins[i] + lengths[i] - from) * scale), density = busy ? busy[i] / 1000 : 1;
        let p = Math.floor(a);
        const last = Math.min(w - 1, Math.floor(b));
        for (; p <= last; p++) {
          const part = Math.min(b, p + 1) - Math.max(a, p);
          cover[p] += part * density;
          if (part >= most[p]) { most[p] = part; which[p] = f; }
          if (flags[i] & FAILED) failed[p] = 1;
        }
      }
      for (let p = 0; p < w; p++) {
        if (which[p] < 0) continue;
        const o = 4 * (line * w + p), c = failed[p] ? [208, 40, 48] : rgb[which[p]];
        pixels[o] = c[0]; pixels[o + 1] = c[1]; pixels[o + 2] = c[2];
        pixels[o + 3] = 255 * Math.min(1, Math.max(0.25, cover[p]));
      }
    });
    picture.finish();
    g.imageSmoothingEnabled = false;
    const pad = rowHeight > 6 ? 1 : 0.5;
    shown.forEach(({ y }, line) => g.drawImage(picture.canvas, 0, line, w, 1, left, y + pad, width - left, rowHeight - 2 * pad));
  }
  class OffscreenPicture {
    constructor(w, h) {
      this.canvas = document.createElement('canvas');
      this.canvas.width = w;
      this.canvas.height = Math.max(1, h);
      this.image = new ImageData(w, Math.max(1, h));
      this.pixels = this.image.data;
    }
    finish() { this.canvas.getContext('2d').putImageData(this.image, 0, 0); }
  }
  function rowOf(segment) {
    let lo = 0, hi = rows.length;
    while (lo < hi) { const mid = (lo + hi) >> 1; if (first[mid + 1] <= segment) lo = mid + 1; else hi = mid; }
    return lo;
  }
  function outline(g, segment, colour, w) {
    const y = AXIS + tops[rowOf(segment)] - scroll, a = x(begins[segment]), b = x(begins[segment] + lengths[segment]);
    g.strokeStyle = colour;
    g.lineWidth = w;
    g.strokeRect(a - 0.5, y + 0.5, Math.max(2, b - a) + 1, rowHeight - 1);
  }
  function path(g, mark) {
    g.strokeStyle = mark;
    g.lineWidth = 1.5;
    g.beginPath();
    let before = null;
    for (const { r, i } of onPath) {
      const y = AXIS + tops[r] - scroll + rowHeight / 2, a = x(begins[i]), b = x(begins[i] + lengths[i]);
      if (before && b >= 0 && before.x <= width) { g.moveTo(before.x, before.y); g.lineTo(a, y); }
      if (b >= 0 && a <= width) g.rect(a, y - rowHeight / 2 + 0.5, Math.max(1, b - a), rowHeight - 1);
      before = { x: b, y };
    }
    g.stroke();
  }
  function transfers(g, ink) {
    const middle = new Map();
    rows.forEach((row, r) => { const m = middle.get(row.node) || [tops[r], tops[r]]; m[1] = tops[r] + rowHeight; middle.set(row.node, m); });
    g.strokeStyle = ink;
    g.globalAlpha = 0.55;
    g.lineWidth = 1;
    g.beginPath();
    let drawn = 0;
    for (const t of moved) {
      if (t.left + t.lasted < from || t.left > to || drawn > 5000) continue;
      const a = middle.get(t.from), b = middle.get(t.to);
      // What comes from a node without tasks, as the master's, comes from above.
      g.moveTo(x(t.left), AXIS + (a ? (a[0] + a[1]) / 2 - scroll : 0));
      g.lineTo(x(t.left + t.lasted), AXIS + (b ? (b[0] + b[1]) / 2 - scroll : 0));
      drawn++;
    }
    g.stroke();
    g.globalAlpha = 1;
  }
  const curve = c => c && { step: c.step_ns / unit, means: c.means.split(' ').map(Number) };
  const running = curve(timeline.running), ready = curve(timeline.ready);
  function paintCurves(left, soft, line, card) {
    const g = curves.getContext('2d'), h = 96;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = card;
    g.fillRect(0, 0, width, h);
    g.font = '12px system-ui, sans-serif';
    g.textBaseline = 'middle';
    const bottom = h - 4, top = 12;
    const one = (c, most, colour, filled) => {
      g.beginPath();
      const begin = Math.max(0, Math.floor(from / c.step)), end = Math.min(c.means.length, Math.ceil(to / c.step) + 1);
      let last = left;
      g.moveTo(Math.max(left, x(begin * c.step)), bottom);
      for (let i = begin; i < end; i++) {
        const a = Math.max(left, Math.min(width, x(i * c.step))), b = Math.max(left, Math.min(width, x((i + 1) * c.step))), y = bottom - c.means[i] / Math.max(1e-9, most) * (bottom - top);
        g.lineTo(a, y);
        g.lineTo(b, y);
        last = b;
      }
      if (filled) { g.lineTo(last, bottom); g.globalAlpha = 0.35; g.fillStyle = colour; g.fill(); g.globalAlpha = 1; }
      g.strokeStyle = colour;
      g.lineWidth = 1.2;
      g.stroke();
    };
    const mostCores = Math.max(report.cores, report.concurrency.peak_cores, 1);
    one(running, mostCores, '#2f9e6e', true);
    g.fillStyle = '#2f9e6e';
    g.fillRect(6, 22, 10, 10);
    g.fillStyle = soft;
    g.fillText(fitted(g, 'cores in tasks, of ' + count(mostCores), left - 24), 20, 27);
    if (ready) {
      const most = Math.max(...ready.means, 1);
      one(ready, most, '#e08a1e', false);
      g.fillStyle = '#e08a1e';
      g.fillRect(6, 52, 10, 3);
      g.fillStyle = soft;
      g.fillText(fitted(g, 'ready, up to ' + count(Math.round(most)), left - 24), 20, 54);
    }
    g.strokeStyle = line;
    g.beginPath();
    g.moveTo(left, bottom + 0.5);
    g.lineTo(width, bottom + 0.5);
    g.stroke();
  }

  // ---- What a segment is, in words
  const nameOf = i => timeline.functions[functions[i]];
  function words(i) {
    const row = rows[rowOf(i)], node = timeline.nodes[row.node], where = row.name + ' on ' + node;
    const when = time(begins[i] * unit) + ' to ' + time((begins[i] + lengths[i]) * unit);
    if (counts && counts[i] > 1) return plural(counts[i], 'task') + ', mostly ' + nameOf(i) + '\n' + Math.round(busy[i] / 10) + ' % of ' + time(lengths[i] * unit) + ' in tasks\n' + where + '\n' + when;
    return (ids[i] ? 'Task ' + ids[i] + ' ' : '') + nameOf(i) + '\n' + time(lengths[i] * unit) + (flags[i] & FAILED ? ', failed' : '') + (flags[i] & ON_PATH ? ', on the critical path' : '') + '\n' + where + '\n' + when;
  }
  function segmentAt(px, py) {
    if (px < gutter() || py < AXIS) return -1;
    const y = py - AXIS + scroll, near = 3 / (width - gutter()) * (to - from), t = timeAt(px);
    for (let r = 0; r < rows.length; r++) {
      if (y < tops[r] || y >= tops[r] + rowHeight) continue;
      for (let i = firstAfter(r, t - near); i < first[r + 1] && begins[i] <= t + near; i++) if (!hidden.has(functions[i]) && (begins[i] + lengths[i] >= t || i + 1 >= first[r + 1] || begins[i + 1] > t + near)) return i;
    }
    return -1;
  }
  function choose(segment, centre) {
    chosen = segment;
    $('status').textContent = segment < 0 ? '' : words(segment).replaceAll('\n', ', ');
    if (segment >= 0 && centre) {
      const b = begins[segment], e = b + lengths[segment];
      if (b < from || e > to) { const span = Math.max(to - from, 1.2 * lengths[segment]); look((b + e) / 2 - span / 2, (b + e) / 2 + span / 2); }
      const y = tops[rowOf(segment)];
      if (y < scroll) move(y - scroll - HEAD); else if (y + rowHeight > scroll + height - AXIS) move(y + rowHeight - scroll - height + AXIS);
    }
    draw();
  }

  // ---- Hands
  let drag = null;
  gantt.addEventListener('pointerdown', e => { if (e.button) return; drag = { x: e.offsetX, y: e.offsetY, from, to, scroll, far: false }; gantt.setPointerCapture(e.pointerId); });
  gantt.addEventListener('pointermove', e => {
    if (drag) {
      if (!drag.far && Math.abs(e.offsetX - drag.x) + Math.abs(e.offsetY - drag.y) < 4) return;
      drag.far = true;
      gantt.classList.add('dragging');
      tip.hidden = true;
      const moved = (drag.x - e.offsetX) / (width - gutter()) * (drag.to - drag.from);
      scroll = drag.scroll;
      move(drag.y - e.offsetY);
      look(drag.from + moved, drag.to + moved);
      return;
    }
    const segment = segmentAt(e.offsetX, e.offsetY);
    if (segment !== hovered) { hovered = segment; draw(); }
    tip.hidden = segment < 0;
    if (segment >= 0) {
      tip.textContent = words(segment);
      const w = tip.offsetWidth, h = tip.offsetHeight;
      tip.style.left = Math.max(0, Math.min(width - w, e.offsetX + 14)) + 'px';
      tip.style.top = (e.offsetY + 18 + h > height + 90 ? e.offsetY - h - 10 : e.offsetY + 18) + 'px';
    }
  });
  const drop = e => { if (drag && !drag.far && e.type === 'pointerup') choose(segmentAt(e.offsetX, e.offsetY)); drag = null; gantt.classList.remove('dragging'); };
  gantt.addEventListener('pointerup', drop);
  gantt.addEventListener('pointercancel', drop);
  gantt.addEventListener('pointerleave', () => { tip.hidden = true; hovered = -1; draw(); });
  gantt.addEventListener('dblclick', e => { const i = segmentAt(e.offsetX, e.offsetY); if (i >= 0) look(begins[i] - lengths[i] * 0.2, begins[i] + lengths[i] * 1.2); });
  let hintTimer = 0;
  gantt.addEventListener('wheel', e => {
    if (document.activeElement !== gantt && !e.ctrlKey && !e.metaKey) {
      $('hint').hidden = false;
      clearTimeout(hintTimer);
      hintTimer = setTimeout(() => { $('hint').hidden = true; }, 1200);
      return;
    }
    $('hint').hidden = true;
    e.preventDefault();
    tip.hidden = true;
    const amount = (e.deltaMode === 1 ? 30 : 1) * (e.deltaY || e.deltaX);
    if (e.shiftKey) { const d = amount / 600 * (to - from); look(from + d, to + d); return; }
    zoom(Math.pow(1.0018, Math.max(-400, Math.min(400, amount))), Math.max(from, timeAt(e.offsetX)));
  }, { passive: false });
  gantt.addEventListener('keydown', e => {
    const step = (to - from) / 6;
    const keys = {
      ArrowLeft: () => look(from - step, to - step), ArrowRight: () => look(from + step, to + step),
      ArrowUp: () => { move(-2 * rowHeight); draw(); }, ArrowDown: () => { move(2 * rowHeight); draw(); },
      '+': () => zoom(0.6), '=': () => zoom(0.6), '-': () => zoom(1 / 0.6), 0: () => look(0, whole), Home: () => look(0, whole),
      '[': () => step2(-1), ']': () => step2(1), Escape: () => choose(-1),
    };
    if (keys[e.key] && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); keys[e.key](); }
  });
  function step2(by) {
    if (!size) return;
    let next = chosen < 0 ? (by > 0 ? firstAfter(0, from) : first[1] - 1) : chosen + by;
    while (next >= 0 && next < size && hidden.has(functions[next])) next += by;
    if (next >= 0 && next < size) choose(next, true);
  }
  $('zoom-in').onclick = () => zoom(0.5);
  $('zoom-out').onclick = () => zoom(2);
  $('zoom-all').onclick = () => look(0, whole);
  $('show-path').onchange = draw;
  $('show-transfers').onchange = draw;
  $('view-details').ontoggle = draw;
  $('find').addEventListener('change', () => {
    const wanted = parseInt($('find').value, 10), found = ids.indexOf(wanted);
    if (!(wanted > 0)) return;
    if (found < 0) { $('status').textContent = 'No task ' + wanted + (exact ? '' : ' is shown on its own: short tasks are drawn together') + '.'; return; }
    look(begins[found] - lengths[found] * 4, begins[found] + lengths[found] * 5);
    choose(found, true);
  });
  function viewTable() {
    const most = 200, listed = [];
    for (let r = 0; r < rows.length && listed.length < most; r++) {
      for (let i = firstAfter(r, from), end = firstFrom(r, to); i < end && listed.length < most; i++) {
        if (!hidden.has(functions[i])) listed.push({ id: ids[i], function: nameOf(i), node: rows[r].name + ' on ' + timeline.nodes[rows[r].node], begin_ns: begins[i] * unit, duration_ns: lengths[i] * unit });
      }
    }
    table('view-tasks', taskColumns, listed);
    if (listed.length === most) $('view-tasks').append(element('caption', 'The first ' + most + ' of this view; zoom in for others.'));
  }

  // ---- Legend
  report.functions.slice(0, 60).forEach(f => {
    const number = timeline.functions.indexOf(f.name), button = element('button'), swatch = element('span', undefined, 'swatch');
    if (number < 0) return;
    button.type = 'button';
    button.title = f.name + ': click to hide or show, with Shift to show it alone';
    button.setAttribute('aria-pressed', 'true');
    swatch.style.background = colours[number];
    button.append(swatch, shortName(f.name));
    button.onclick = e => {
      const numbers = [timeline.functions.indexOf(f.name)];
      if (e.shiftKey) {
        const alone = numbers.every(n => !hidden.has(n)) && hidden.size === timeline.functions.length - numbers.length;
        hidden.clear();
        if (!alone) timeline.functions.forEach((name, i) => { if (name !== f.name) hidden.add(i); });
      } else {
        numbers.forEach(n => { if (!hidden.delete(n)) hidden.add(n); });
      }
      $('legend').querySelectorAll('button').forEach(b => b.setAttribute('aria-pressed', String(!hidden.has(Number(b.dataset.number)))));
      draw();
    };
    button.dataset.number = number;
    $('legend').append(button);
  });

  if (!size) stage.replaceWith(element('p', 'No task ran.'));
  layout();
  addEventListener('resize', () => { layout(); draw(); });
  dark.addEventListener('change', draw);
  draw();
})();
