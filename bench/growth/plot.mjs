/** Line plots as SVG, by vega: time above, memory below, one line a series. */
import * as vega from 'vega';

const palette = ['#1f6f8b', '#d1603d', '#5b8c2a', '#7a4fa3'];
const [width, height] = [520, 200];

/** `5k` for 5,000, however near the ticks are. */
const shortNumbers = {
  labels: { update: { text: { signal: "format(datum.value, datum.value < 1 ? '.3~g' : '.3~s')" } } },
};

/** The same for ticks of a logarithmic axis, which has one for each digit: 1, 2 and 5 have a label. */
const fewNumbers = {
  labels: {
    update: {
      text: {
        signal:
          "indexof([1, 2, 5], round(datum.value / pow(10, floor(log(datum.value) / LN10 + 1e-9)))) < 0 ? '' : " +
          shortNumbers.labels.update.text.signal,
      },
    },
  },
};

function axes(title, scale, isBottom, xTitle) {
  return [
    {
      orient: 'left',
      scale: 'y',
      title,
      grid: true,
      gridColor: '#e6e6e6',
      tickCount: 5,
      encode: scale === 'log' ? fewNumbers : shortNumbers,
    },
    {
      orient: 'bottom',
      scale: 'x',
      title: isBottom ? xTitle : '',
      values: { signal: 'ticks' },
      encode: shortNumbers,
    },
  ];
}

function panel(name, { field, title, isBottom, xTitle, scale }) {
  const x = { scale: 'x', field: 'x' };
  const y = { scale: 'y', field };
  const stroke = { scale: 'colour', field: 'series' };
  return {
    type: 'group',
    name,
    encode: { update: { width: { value: width }, height: { value: height } } },
    data: [
      {
        name: `${name}-points`,
        source: 'points',
        transform: [{ type: 'filter', expr: `isValid(datum.${field})` }],
      },
    ],
    scales: [
      {
        name: 'x',
        type: scale,
        range: [0, width],
        domain: { data: 'points', field: 'x' },
        nice: false,
        zero: false,
        padding: 12,
      },
      {
        name: 'y',
        type: scale,
        range: [height, 0],
        domain: { data: `${name}-points`, field },
        zero: scale === 'linear',
        nice: true,
      },
    ],
    axes: axes(title, scale, isBottom, xTitle),
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'line', data: `${name}-points`, groupby: 'series' } },
        marks: [
          {
            type: 'line',
            from: { data: 'line' },
            encode: { update: { x, y, stroke, strokeWidth: { value: 2 } } },
          },
          {
            type: 'symbol',
            from: { data: 'line' },
            encode: { update: { x, y, fill: stroke, size: { value: 36 } } },
          },
        ],
      },
    ],
    ...(isBottom ? {} : { legends: [{ stroke: 'colour', symbolType: 'stroke', orient: 'right' }] }),
  };
}

/**
 * SVG text of points `{ x, series, seconds, megabytes }`. With both axes logarithmic a line of slope 1 grows in
 * proportion, and a steeper one faster.
 */
export async function drawPlot({ points, xTitle, title, isLogarithmic }) {
  const scale = isLogarithmic ? 'log' : 'linear';
  const ticks = [...new Set(points.map((point) => point.x))];
  const specification = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    title: { text: title, anchor: 'start' },
    padding: 8,
    background: 'white',
    signals: [{ name: 'ticks', value: ticks }],
    layout: { columns: 1, padding: 28 },
    data: [{ name: 'points', values: points }],
    scales: [
      {
        name: 'colour',
        type: 'ordinal',
        range: palette,
        domain: { data: 'points', field: 'series', sort: true },
      },
    ],
    marks: [
      panel('time', { field: 'seconds', title: 'seconds', scale, xTitle, isBottom: false }),
      panel('memory', { field: 'megabytes', title: 'peak memory, MB', scale, xTitle, isBottom: true }),
    ],
  };
  const view = new vega.View(vega.parse(specification), { renderer: 'none' });
  const text = await view.toSVG();
  view.finalize();
  return `${text}\n`;
}
