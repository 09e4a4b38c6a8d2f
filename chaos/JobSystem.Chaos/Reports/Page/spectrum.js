// Latencies over the percentiles. To the right each step is a tenth of the jobs before it, upwards ten times the time:
// a stall that few jobs saw stands at the right end, and what hides it (counting from the send) below it.
(() => {
  const { data, svg, html, grouped, short, seconds, keysOf } = drawing;
  const place = document.getElementById('spectrum');
  const curves = data.spectrum.filter(each => each.points.length > 0).map(each => ({
    ...each, colour: `var(--${each.colour})`,
    points: each.points.reduce((all, value, index) => {
      if (index % 2 === 0) all.push([value]);
      else all[all.length - 1].push(value);
      return all;
    }, []) }));
  const top = 8, height = 260, below = 34;
  const most = Math.max(...curves.map(each => each.points.at(-1)[0]));
  const values = curves.flatMap(each => each.points.map(point => point[1])).filter(value => value > 0);
  const low = Math.floor(Math.log10(Math.max(1e-6, Math.min(...values))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1e-6, ...values))));

  // 1 of 1,000 is 99.9: as many digits as it needs.
  const percent = oneOf => {
    const digits = Math.max(0, Math.ceil(Math.log10(oneOf)) - 1);
    return `${+(100 * (1 - 1 / oneOf)).toFixed(digits)}`;
  };

  const frameOf = () => {
    const width = Math.max(260, place.clientWidth);
    const left = width < 560 ? 46 : 60, right = 14;
    const across = width - left - right, span = Math.max(Math.log10(most), 1);
    return { width, left, right,
      x: oneOf => left + Math.log10(oneOf) / span * across,
      oneOfAt: x => 10 ** (Math.min(1, Math.max(0, (x - left) / across)) * span),
      y: value => top + (high - Math.log10(Math.max(value, 10 ** low))) / (high - low) * height };
  };

  const drawAxes = (picture, frame) => {
    for (let power = low; power <= high; power++) {
      const y = frame.y(10 ** power);
      svg('line', { class: 'grid', x1: frame.left, x2: frame.width - frame.right, y1: y, y2: y }, picture);
      svg('text', { x: frame.left - 6, y: y + 4, 'text-anchor': 'end' }, picture).textContent =
        power >= 0 ? `${short(10 ** power)} s` : seconds(10 ** power);
    }
    const ticks = [2];
    for (let oneOf = 10; oneOf < most; oneOf *= 10) ticks.push(oneOf);
    let taken = -Infinity;
    const end = frame.x(most);
    for (const oneOf of ticks.filter(each => each < most)) {
      const x = frame.x(oneOf);
      svg('line', { class: 'grid', x1: x, x2: x, y1: top, y2: top + height }, picture);
      if (x - taken > 34 && end - x > 46) {
        svg('text', { x, y: top + height + 15, 'text-anchor': 'middle' }, picture).textContent = percent(oneOf);
        taken = x;
      }
    }
    svg('line', { class: 'grid', x1: end, x2: end, y1: top, y2: top + height }, picture);
    svg('text', { x: end, y: top + height + 15, 'text-anchor': 'end' }, picture).textContent = 'slowest';
    svg('text', { x: frame.left, y: top + height + 30 }, picture).textContent =
      'percent of the jobs that took no longer';
    svg('line', { class: 'axis', x1: frame.left, x2: frame.width - frame.right, y1: top + height, y2: top + height },
      picture);
  };

  const draw = () => {
    const frame = frameOf();
    place.replaceChildren();
    const box = html('div', 'plot', place);
    const head = html('div', 'head', box);
    html('b', '', head, 'Latency by percentile');
    const outs = keysOf(head, curves);
    const where = html('div', 'soft small', box, 'Point at the plot to read it.');
    const picture = svg('svg', { viewBox: `0 0 ${frame.width} ${top + height + below}`, height: top + height + below,
      role: 'img', 'aria-label': 'Latency by percentile' }, box);
    drawAxes(picture, frame);
    curves.forEach(curve => svg('path', { class: curve.dashed ? 'line dashed' : 'line', style: `stroke:${curve.colour}`,
      d: curve.points.map(([oneOf, value], index) =>
        `${index ? 'L' : 'M'}${frame.x(oneOf).toFixed(1)},${frame.y(value).toFixed(1)}`).join('') }, picture));
    const cursor = svg('line', { class: 'cursor', y1: top, y2: top + height, visibility: 'hidden' }, picture);
    const read = event => {
      const area = picture.getBoundingClientRect();
      const oneOf = Math.min(most, frame.oneOfAt((event.clientX - area.left) / area.width * frame.width));
      cursor.setAttribute('x1', frame.x(oneOf));
      cursor.setAttribute('x2', frame.x(oneOf));
      cursor.setAttribute('visibility', 'visible');
      where.textContent = oneOf >= most * 0.999 ? 'the slowest job of all'
        : `${percent(oneOf)} % of the jobs took no longer; ${oneOf < 1.005 ? 'all others'
          : `one of ${oneOf < 10 ? +oneOf.toFixed(1) : grouped(oneOf)}`} took longer`;
      curves.forEach((curve, index) => {
        outs[index].textContent = seconds((curve.points.find(point => point[0] >= oneOf) || curve.points.at(-1))[1]);
      });
    };
    picture.addEventListener('pointermove', read);
    picture.addEventListener('pointerdown', read);
  };

  if (curves.length === 0) return;
  let lastWidth = place.clientWidth;
  window.addEventListener('resize', () => {
    if (place.clientWidth !== lastWidth) {
      lastWidth = place.clientWidth;
      draw();
    }
  });
  window.addEventListener('beforeprint', draw);
  draw();
})();
