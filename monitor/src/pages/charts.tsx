import { clock, count } from "./format.ts";
import type { Html } from "./page.ts";
import { numbers, Table } from "./table.tsx";

export interface Series {
  readonly name: string;
  /** Of the style sheet: good, bad, warn, accent. */
  readonly look: string;
  readonly values: readonly number[];
}

export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Stacked bars over time. Its numbers are in a table below it. */
export function BarsOverTime(props: {
  readonly id: string;
  readonly label: string;
  /** Epoch milliseconds of each bar's beginning. */
  readonly times: readonly number[];
  /** From the bottom up. */
  readonly series: readonly Series[];
  /** When nothing was heard. */
  readonly blind?: readonly Span[];
  readonly now: number;
}): Html {
  const { id, label, times, series, now } = props;
  const sums = times.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const top = niceTop(Math.max(...sums, 1));
  const first = times[0] ?? now;
  const step = (times[1] ?? now) - first;
  const x = (time: number): number => Math.min(times.length, Math.max(0, (time - first) / step)) * 10;
  const y = (value: number): number => 100 - (value / top) * 100;
  const blind = (props.blind ?? []).filter(({ until }) => until > first);
  const marks = [0, Math.floor(times.length / 2), times.length - 1];
  return (
    <figure>
      <figcaption>
        {series.map(({ name, look, values }) => (
          <span class={`key ${look}`}>
            {name} {count(values.reduce((sum, value) => sum + value, 0))}
          </span>
        ))}
        {blind.length > 0 && <span class="key blind">nothing heard</span>}
      </figcaption>
      <div class="chart">
        <div class="scale" aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span>{count(value)}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${times.length * 10} 100`} preserveAspectRatio="none" role="img" aria-label={label}>
          {[0, 50, 100].map((height) => (
            <line class="axis" x1="0" x2={times.length * 10} y1={height} y2={height} vector-effect="non-scaling-stroke" />
          ))}
          {blind.map(({ since, until }) => (
            <rect
              class="blind"
              x={x(since).toFixed(1)}
              y="0"
              width={Math.max(1.5, x(until) - x(since)).toFixed(1)}
              height="100"
            />
          ))}
          {times.map((_, index) => {
            let below = 0;
            return series.map(({ look, values }) => {
              const value = values[index] ?? 0;
              if (value === 0) return undefined;
              below += value;
              const height = Math.max(0.75, y(below - value) - y(below));
              return <rect class={look} x={index * 10 + 0.7} y={y(below).toFixed(2)} width="8.6" height={height.toFixed(2)} />;
            });
          })}
        </svg>
        <div class="times" aria-hidden="true">
          {marks.map((index) => (
            <span>{clock(times[index] ?? now, now).replace(/:\d\d$/, "")}</span>
          ))}
        </div>
      </div>
      <details class="twin" id={`${id}-numbers`}>
        <summary>Numbers</summary>
        <Table
          label={`${label}: numbers`}
          none="None."
          columns={["From (UTC)", ...series.map(({ name }) => numbers(name))]}
          rows={times
            .map((time, index) => [clock(time, now), ...series.map(({ values }) => count(values[index] ?? 0))])
            .filter((_, index) => (sums[index] ?? 0) > 0)
            .reverse()}
        />
      </details>
    </figure>
  );
}

/** Bars beside their labels. */
export function Histogram(props: {
  readonly label: string;
  readonly labels: readonly string[];
  readonly values: readonly number[];
}): Html {
  const { label, labels, values } = props;
  const used = values.flatMap((value, index) => (value > 0 ? [index] : []));
  const [from, to] = [Math.max(0, (used[0] ?? 0) - 1), Math.min(values.length - 1, (used.at(-1) ?? 0) + 1)];
  const shown = values.slice(from, to + 1);
  const most = Math.max(...shown, 1);
  if (used.length === 0) return <p class="none">Nothing was measured yet.</p>;
  const words = shown.map((value, index) => `${labels[from + index]}: ${value}`).join(", ");
  return (
    <div class="histogram" role="img" aria-label={`${label}; ${words}`}>
      {shown.map((value, index) => (
        <div>
          <span>{value === 0 ? "" : count(value)}</span>
          <svg viewBox="0 0 10 100" preserveAspectRatio="none">
            <rect
              class="accent"
              x="0.5"
              width="9"
              y={(100 - (value / most) * 100).toFixed(1)}
              height={((value / most) * 100).toFixed(1)}
            />
          </svg>
          <span>{labels[from + index]}</span>
        </div>
      ))}
    </div>
  );
}

/** A line in a table's row; what it says is in the row's numbers, too. */
export function Spark({ values, label }: { readonly values: readonly number[]; readonly label: string }): Html {
  const top = Math.max(...values, 1);
  const each = 120 / values.length;
  return (
    <svg class="spark" viewBox="0 0 120 24" role="img" aria-label={`${label}: ${values.join(", ")}`}>
      <line class="axis" x1="0" x2="120" y1="23.5" y2="23.5" />
      {values.map((value, index) =>
        value === 0 ? undefined : (
          <rect
            class="accent"
            x={(index * each).toFixed(1)}
            y={(23 - (value / top) * 22).toFixed(1)}
            width={(each - 0.8).toFixed(1)}
            height={((value / top) * 22).toFixed(1)}
          />
        ),
      )}
    </svg>
  );
}

/** The next number above that people read easily. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 10].find((each) => each * power >= value) ?? 10;
  return Math.max(2, step * power);
}
