// Draws the plots over time and reads them out. All of them share one axis of time; dragging with a mouse zooms.
(() => {
  const { data, svg, html, grouped, rate, short, seconds, clock, wall, keysOf } = drawing;
  const bins = data.bins;
  const count = bins.intended.length;
  const colours = ['purple', 'orange', 'teal', 'pink', 'olive', 'blue', 'red', 'green'];
  const plots = document.getElementById('plots');
  const reading = { at: document.getElementById('at'), faults: document.getElementById('now') };
  const showAll = document.getElementById('all');
  const names = [...new Set(data.faults.map(fault => fault.name))];
  const colourOf = name => `var(--${colours[names.indexOf(name) % colours.length]})`;
  const end = Math.max(data.end, data.width);
  // What comes before the load is set-up: it is in the data, and not on the axis.
  const start = data.begin < end ? Math.floor(data.begin / data.width) * data.width : 0;
  let view = [start, end];
  let drawn = [];

  // The last bin may be cut short by the end of the run: its rate is of the time that was left.
  const widthOf = index => index < count - 1 ? data.width : Math.max(end - index * data.width, data.width / 4);
  const perSecond = values => values.map((value, index) => value / widthOf(index));
  const line = (name, values, colour, more) => ({ name, values, colour: `var(--${colour})`, ...more });
  const latency = prefix => [
    line('max', bins[prefix + 'Max'], 'red', { thin: true }), line('p99', bins[prefix + 'P99'], 'orange'),
    line('p50', bins[prefix + 'P50'], 'blue')];
  const some = values => values.some(value => value > 0);
  const charts = [
    { title: 'Jobs per second', height: 150, say: rate, merge: 'mean', clips: true, lines: [
      line('confirmed', perSecond(bins.confirmed), 'blue'), line('finished', perSecond(bins.effects), 'green'),
      line('due (offered)', perSecond(bins.intended), 'ink', { thin: true, dashed: true }),
      ...(some(bins.failures) ? [line('failed runs', perSecond(bins.failures), 'red')] : []),
      ...(some(bins.rejected) ? [line('rejected', perSecond(bins.rejected), 'purple')] : []),
      ...(some(bins.unknown) ? [line('unknown', perSecond(bins.unknown), 'orange')] : [])] },
    { title: 'Jobs waiting', height: 100, say: grouped, merge: 'max', lines: [
      line('for an answer', bins.unanswered, 'orange'),
      line('backlog: confirmed, not finished', bins.backlog, 'purple', { area: true })] },
    { title: 'Age of the oldest job in the backlog', height: 80, say: seconds, merge: 'max', lines: [
      line('age', bins.oldestAge, 'teal', { area: true })], tick: seconds },
    { title: 'Latency from due to confirmed', height: 130, say: seconds, merge: 'max', log: true,
      lines: latency('confirm'), tick: seconds },
    { title: 'Latency from due to finished', height: 130, say: seconds, merge: 'max', log: true,
      lines: latency('endToEnd'), tick: seconds },
    { title: 'Workers ready', height: 60, say: grouped, merge: 'min', whole: true, lines: [
      line('workers', bins.workersAlive, 'green', { area: true })] }];

  const niceStep = rough => {
    const power = 10 ** Math.floor(Math.log10(rough));
    return power * [1, 2, 5, 10].find(step => step * power >= rough);
  };
  const timeStep = rough => [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400,
    28800, 86400].find(step => step >= rough) || niceStep(rough);

  // On a narrow screen several bins share a pixel: the mean of rates, the worst of everything else.
  const sample = (values, merge, first, last, step) => {
    const points = [];
    for (let from = first; from <= last; from += step) {
      const part = values.slice(from, Math.min(from + step, last + 1)).filter(value => value !== null);
      const value = part.length === 0 ? null : merge === 'max' ? Math.max(...part)
        : merge === 'min' ? Math.min(...part) : part.reduce((sum, each) => sum + each, 0) / part.length;
      points.push([Math.min((from + step / 2) * data.width, end), value]);
    }
    return points;
  };

  // A few values far above all others would flatten the rest: the axis ends above the usual ones.
  const usualMost = (values, peak) => {
    const sorted = values.filter(value => value > 0).sort((a, b) => a - b);
    const usual = sorted.length < 20 ? peak : sorted[Math.floor(sorted.length * 0.97)] * 1.5;
    return peak > 2 * usual ? usual : peak;
  };

  const scaleOf = (chart, series, height) => {
    const values = series.flat().map(point => point[1]).filter(value => value !== null && (!chart.log || value > 0));
    const peak = Math.max(...values, chart.log ? 1e-6 : 0);
    const most = chart.clips ? usualMost(values, peak) : peak;
    if (chart.log) {
      const low = Math.floor(Math.log10(Math.min(...values, most)));
      const high = Math.max(Math.ceil(Math.log10(most)), low + 1);
      const every = Math.ceil((high - low) / 6);
      const ticks = [];
      for (let power = low; power <= high; power += every) ticks.push(10 ** power);
      return { ticks, y: value => height - (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low) * height };
    }
    const rough = (most || 1) / Math.max(2, Math.floor(height / 36));
    const step = Math.max(chart.tick && rough > 0.1 ? timeStep(rough) : niceStep(rough), chart.whole ? 1 : 0);
    const top = Math.ceil((most || 1) / step) * step;
    const ticks = [];
    for (let tick = 0; tick <= top + step / 2; tick += step) ticks.push(tick);
    return { ticks, top, y: value => height - Math.min(value, top) / top * height };
  };

  const draw = () => {
    const width = Math.max(260, plots.clientWidth);
    const left = width < 560 ? 46 : 60, right = 10;
    const x = at => left + (at - view[0]) / (view[1] - view[0]) * (width - left - right);
    const first = Math.max(0, Math.floor(view[0] / data.width));
    const last = Math.min(count - 1, Math.ceil(view[1] / data.width));
    const step = Math.max(1, Math.ceil((last - first + 1) / (width - left - right)));
    const frame = { width, left, right, x, first, last, step };
    plots.replaceChildren();
    drawn = [];
    drawLanes(frame);
    charts.forEach((chart, index) => drawChart(chart, frame, index === charts.length - 1));
    showAll.hidden = view[0] === start && view[1] === end;
  };

  const newPlot = (frame, height, title) => {
    const box = html('div', 'plot', plots);
    const head = html('div', 'head', box);
    html('b', '', head, title);
    const picture = svg('svg', { viewBox: `0 0 ${frame.width} ${height}`, height, role: 'img', 'aria-label': title });
    box.append(picture);
    return { head, picture };
  };

  const bands = (frame, picture, top, height) => {
    for (const fault of data.faults) {
      const from = Math.max(frame.left, frame.x(fault.at));
      const to = Math.min(frame.width - frame.right, frame.x(fault.to));
      if (to >= frame.left && from <= frame.width - frame.right) {
        svg('rect', { class: 'band', x: from, y: top, width: Math.max(1.5, to - from), height,
          fill: colourOf(fault.name) }, picture);
      }
    }
    for (const phase of data.phases) {
      if (phase.at > view[0] && phase.at < view[1]) {
        const at = frame.x(phase.at);
        svg('line', { class: 'phase', x1: at, x2: at, y1: top, y2: top + height }, picture);
      }
    }
  };

  // One row for each kind of fault, so that no label hides another.
  const drawLanes = frame => {
    const row = 26, top = data.phases.length > 0 ? 18 : 4;
    const { picture } = newPlot(frame, top + Math.max(1, names.length) * row + 4, 'Faults');
    labelPhases(frame, picture);
    names.forEach((name, index) => {
      const y = top + index * row;
      const all = data.faults.filter(fault => fault.name === name);
      svg('line', { class: 'grid', x1: frame.left, x2: frame.width - frame.right, y1: y + 19, y2: y + 19 }, picture);
      const label = svg('text', { x: frame.left, y: y + 11, style: `fill:${colourOf(name)};font-weight:600` }, picture);
      label.textContent = `${name} × ${all.length}`;
      for (const fault of all) {
        const from = Math.max(frame.left, frame.x(fault.at));
        const to = Math.min(frame.width - frame.right, frame.x(fault.to));
        if (to >= frame.left && from <= frame.width - frame.right) {
          const bar = svg('rect', { x: from, y: y + 15, width: Math.max(2.5, to - from), height: 8, rx: 1,
            fill: colourOf(name) }, picture);
          svg('title', {}, bar).textContent =
            `${fault.number}: ${name} on ${fault.victim}, at ${clock(fault.at, true)}`;
        }
      }
    });
    if (names.length === 0) {
      svg('text', { x: frame.left, y: top + 12 }, picture).textContent = 'No fault was injected.';
    }
    finish({ picture, frame, top, height: Math.max(1, names.length) * row, keys: [] });
  };

  // The longest phases first: where there is no room for all, the short ones go without a name.
  const labelPhases = (frame, picture) => {
    const phases = data.phases.map((phase, index) => {
      const until = index + 1 < data.phases.length ? data.phases[index + 1].at : end;
      return { label: phase.phase.slice(0, 24), from: Math.max(phase.at, view[0]), to: Math.min(until, view[1]) };
    });
    const taken = [];
    for (const phase of phases.filter(each => each.to > each.from).sort((a, b) => b.to - b.from - (a.to - a.from))) {
      const width = phase.label.length * 6.5 + 8;
      const from = Math.min(frame.x(phase.from), frame.width - frame.right - width);
      if (!taken.some(other => from < other[1] && from + width > other[0])) {
        svg('text', { x: from + 3, y: 11 }, picture).textContent = phase.label;
        taken.push([from, from + width]);
      }
    }
  };

  const drawChart = (chart, frame, isLast) => {
    const top = 6, below = 18;
    const { head, picture } = newPlot(frame, top + chart.height + below, chart.title);
    const series = chart.lines.map(each => sample(each.values, chart.merge, frame.first, frame.last, frame.step));
    const scale = scaleOf(chart, series, chart.height);
    const y = value => top + scale.y(value);
    const [across, down] = [frame.width - frame.left - frame.right, top + chart.height + 1];
    const inner = svg('svg', { x: frame.left, y: 0, width: across, height: down,
      viewBox: `${frame.left} 0 ${across} ${down}` });
    bands(frame, picture, top, chart.height);
    for (const tick of scale.ticks) {
      svg('line', { class: 'grid', x1: frame.left, x2: frame.width - frame.right, y1: y(tick), y2: y(tick) }, picture);
      svg('text', { x: frame.left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, picture).textContent =
        chart.log && tick >= 1 ? `${short(tick)} s` : (chart.tick || short)(tick);
    }
    drawTimes(frame, picture, top + chart.height);
    picture.append(inner);
    series.forEach((points, index) => drawLine(inner, chart.lines[index], points, frame.x, y, top + chart.height));
    if (chart.clips) markClipped(picture, chart, series, scale.top, frame, top);
    const keys = keysOf(head, chart.lines).map((out, index) =>
      ({ values: chart.lines[index].values, say: chart.say, out }));
    finish({ picture, frame, top, height: chart.height, keys });
  };

  // An arrow where a line leaves the plot, and how far it goes at the highest.
  const markClipped = (picture, chart, series, most, frame, top) => {
    const beyond = series.flat().filter(point => point[1] !== null && point[1] > most);
    for (const [at] of beyond) {
      const x = frame.x(at);
      svg('path', { class: 'clipped', d: `M${x - 4},${top + 6}L${x},${top}L${x + 4},${top + 6}Z` }, picture);
    }
    if (beyond.length > 0) {
      const [at, value] = beyond.reduce((highest, point) => point[1] > highest[1] ? point : highest);
      const isLate = frame.x(at) > frame.width - 110;
      svg('text', { x: frame.x(at) + (isLate ? -8 : 8), y: top + 9, 'text-anchor': isLate ? 'end' : 'start' },
        picture).textContent = `to ${chart.say(value)}`;
    }
  };

  const drawTimes = (frame, picture, y) => {
    svg('line', { class: 'axis', x1: frame.left, x2: frame.width - frame.right, y1: y, y2: y }, picture);
    const step = timeStep((view[1] - view[0]) / Math.max(2, (frame.width - frame.left) / 90));
    for (let at = Math.ceil(view[0] / step) * step; at <= view[1]; at += step) {
      const anchor = frame.x(at) > frame.width - 34 ? 'end' : 'middle';
      svg('text', { x: anchor === 'end' ? frame.width - 2 : frame.x(at), y: y + 14, 'text-anchor': anchor },
        picture).textContent = clock(at, step < 1);
    }
  };

  const drawLine = (parent, style, points, x, y, floor) => {
    let path = '', area = '', open = false, before = null;
    points.forEach(([at, value], index) => {
      if (value === null) {
        if (open && style.area) area += `L${x(before).toFixed(1)},${floor}Z`;
        open = false;
        return;
      }
      const place = `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
      const alone = !open && (index === points.length - 1 || points[index + 1][1] === null);
      path += alone ? `M${place}h0.1` : `${open ? 'L' : 'M'}${place}`;
      if (style.area) area += open ? `L${place}` : `M${x(at).toFixed(1)},${floor}L${place}`;
      open = true;
      before = at;
    });
    if (style.area && open) area += `L${x(before).toFixed(1)},${floor}Z`;
    if (style.area) svg('path', { class: 'area', d: area, style: `fill:${style.colour}` }, parent);
    svg('path', { class: style.dashed ? 'line dashed' : 'line', d: path,
      style: `stroke:${style.colour}${style.thin ? ';stroke-width:1;opacity:0.8' : ''}` }, parent);
  };

  // Reading: a cursor through all plots, values beside the names; a drag selects what to look at.
  const finish = plot => {
    const cursor = svg('line', { class: 'cursor', y1: plot.top, y2: plot.top + plot.height, visibility: 'hidden' },
      plot.picture);
    drawn.push({ ...plot, cursor });
    const timeAt = event => {
      const box = plot.picture.getBoundingClientRect();
      const inner = (event.clientX - box.left) / box.width * plot.frame.width - plot.frame.left;
      const share = inner / (plot.frame.width - plot.frame.left - plot.frame.right);
      return view[0] + Math.min(1, Math.max(0, share)) * (view[1] - view[0]);
    };
    let began = null, select = null;
    plot.picture.addEventListener('pointermove', event => {
      const at = timeAt(event);
      read(at);
      if (began !== null) {
        const [from, to] = [plot.frame.x(Math.min(began, at)), plot.frame.x(Math.max(began, at))];
        select = select || svg('rect', { class: 'select', y: plot.top, height: plot.height }, plot.picture);
        select.setAttribute('x', from);
        select.setAttribute('width', to - from);
      }
    });
    plot.picture.addEventListener('pointerdown', event => {
      read(timeAt(event));
      if (event.pointerType === 'mouse') {
        began = timeAt(event);
        plot.picture.setPointerCapture(event.pointerId);
      }
    });
    plot.picture.addEventListener('pointerup', event => {
      const at = timeAt(event);
      const from = began;
      began = null;
      if (from !== null && Math.abs(plot.frame.x(at) - plot.frame.x(from)) > 8) {
        zoom(Math.min(from, at), Math.max(from, at));
      } else if (select) {
        select.remove();
        select = null;
      }
    });
    plot.picture.addEventListener('dblclick', () => zoom(start, end));
  };

  const read = at => {
    const index = Math.min(count - 1, Math.max(0, Math.floor(at / data.width)));
    for (const plot of drawn) {
      const x = plot.frame.x(at);
      plot.cursor.setAttribute('x1', x);
      plot.cursor.setAttribute('x2', x);
      plot.cursor.setAttribute('visibility', 'visible');
      for (const key of plot.keys) {
        const value = key.values[index];
        key.out.textContent = value === null || value === undefined ? '–' : key.say(value);
      }
    }
    const now = data.faults.filter(fault => fault.at <= (index + 1) * data.width && fault.to >= index * data.width);
    reading.at.textContent = `${clock(at, true)} (${wall(at)})`;
    reading.faults.textContent = now.length === 0 ? 'no fault in force'
      : now.slice(0, 4).map(fault => `fault ${fault.number}: ${fault.name} on ${fault.victim}`).join('; ')
        + (now.length > 4 ? ` and ${now.length - 4} more` : '');
  };

  const zoom = (from, to) => {
    const least = Math.min(end - start, 3 * data.width);
    const middle = (from + to) / 2;
    view = to - from >= least ? [from, to] : [middle - least / 2, middle + least / 2];
    view = [Math.max(start, view[0]), Math.min(end, view[1])];
    draw();
  };

  showAll.addEventListener('click', () => zoom(start, end));
  document.querySelectorAll('button[data-at]').forEach(button => button.addEventListener('click', () => {
    const at = Number(button.dataset.at), to = Number(button.dataset.to);
    zoom(Math.max(start, at - 5 - data.width * 5), Math.min(end, to + 10 + data.width * 10));
    read(at);
    document.getElementById('when').scrollIntoView();
  }));
  let lastWidth = 0;
  window.addEventListener('resize', () => {
    if (plots.clientWidth !== lastWidth) {
      lastWidth = plots.clientWidth;
      draw();
    }
  });
  window.addEventListener('beforeprint', draw);
  if (count > 0) draw();
  lastWidth = plots.clientWidth;
})();

document.getElementById('copy').addEventListener('click', async event => {
  const code = document.getElementById('repeat');
  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return document.execCommand('copy');
  };
  let copied;
  try {
    await navigator.clipboard.writeText(code.textContent);
    copied = true;
  } catch {
    copied = select();
  }
  event.target.textContent = copied ? 'Copied' : 'Selected';
});
