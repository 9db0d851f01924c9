/* Draws each picture of the cells of its table, in the colours of the page. */
(function () {
  'use strict';
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const still = window.matchMedia('(prefers-reduced-motion: reduce)');

  function read(table) {
    const rows = [...table.tBodies[0].rows].map((row) =>
      [...row.querySelectorAll('data')].map((cell) => cell.value));
    return { names: [...table.tHead.rows[0].cells].map((cell) => cell.textContent), rows };
  }

  const number = (text) => (text === '' ? null : Number(text));

  const draw = {
    line({ names, rows }) {
      // What has another unit than the first column of numbers would need a scale of its own.
      const unit = (name) => name.split(', ')[1];
      const series = names
        .map((name, at) => ({
          name,
          type: 'line',
          showSymbol: rows.length < 60,
          data: rows.map((row) => [row[0], number(row[at])]),
        }))
        .filter((one, at) => at > 0 && unit(one.name) === unit(names[1]));
      // Runs of seconds and a first load of hours are seen on one scale.
      const values = series.flatMap((one) => one.data.map(([, value]) => value));
      const isWide = Math.max(...values) > 1000 * Math.min(...values) && values.every((value) => value > 0);
      return { xAxis: { type: 'time' }, yAxis: { type: isWide ? 'log' : 'value' }, series };
    },
    bars({ names, rows }) {
      return {
        grid: { left: 8, right: 32, top: 8, bottom: 8, containLabel: true },
        legend: { show: false },
        xAxis: { type: 'value' },
        yAxis: { type: 'category', inverse: true, data: rows.map((row) => row[0]) },
        series: [{ name: names[1], type: 'bar', data: rows.map((row) => number(row[1])) }],
      };
    },
    stacked({ rows }) {
      const times = [...new Set(rows.map((row) => row[0]))];
      const parts = [...new Set(rows.map((row) => row[1]))];
      const value = (time, part) => {
        const row = rows.find((one) => one[0] === time && one[1] === part);
        return row ? number(row[2]) : 0;
      };
      return {
        xAxis: { type: 'category', data: times },
        yAxis: { type: 'value' },
        series: parts.map((name) => ({
          name, type: 'bar', stack: 'all', data: times.map((time) => value(time, name)),
        })),
      };
    },
  };

  function show(place) {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { axisLabel: { color: colour('--faint'), hideOverlap: true }, splitLine: { lineStyle: { color: colour('--line') } } };
    const option = draw[place.dataset.chart](read(document.getElementById(place.dataset.of)));
    const old = echarts.getInstanceByDom(place);
    if (old) { old.dispose(); }
    place.hidden = false;
    const chart = echarts.init(place, null, { renderer: 'svg' });
    chart.setOption({
      aria: { enabled: true, decal: { show: option.series.length > 1 } },
      animation: !still.matches,
      backgroundColor: 'transparent',
      grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
      legend: { type: 'scroll', textStyle: { color: colour('--ink') } },
      tooltip: { trigger: 'axis', confine: true },
      color: dark.matches
        ? ['#79c0ff', '#ffa657', '#56d364', '#d2a8ff', '#ff9492']
        : ['#0550ae', '#bc4c00', '#116329', '#6639ba', '#a40e26'],
      ...option,
      xAxis: { ...axis, ...option.xAxis },
      yAxis: { ...axis, ...option.yAxis },
    });
    return chart;
  }

  let charts = [];
  function showAll() {
    charts = [...document.querySelectorAll('[data-chart]')].map(show);
  }
  showAll();
  dark.addEventListener('change', showAll);
  window.addEventListener('resize', () => charts.forEach((chart) => chart.resize()));
})();
