import { t } from "../../i18n/usage.ts";
import { dollars, measured, tokenText, valueOf } from "../../model/usage.ts";
import type { Day, Measure } from "../../model/usage.ts";
import { useUsage } from "./use-usage.ts";

const WIDTH = 720;
const HEIGHT = 160;
/** The smallest bar of a day that used something. */
const LEAST = 2;

/** A bar for each day, and the same as a table. */
export function Days({ days }: { readonly days: readonly Day[] }) {
  const { measure } = useUsage();
  return (
    <section class="usage-part">
      <div class="usage-head">
        <h2>{t("days")}</h2>
        <div class="settings-views" role="group" aria-label={t("chart.what")}>
          {(["cost", "tokens"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={measure.value === one} onClick={() => (measure.value = one)}>
              {t(one)}
            </button>
          ))}
        </div>
      </div>
      <Chart days={days} measure={measure.value} />
      <details>
        <summary>{t("days.table")}</summary>
        <Table days={days} />
      </details>
    </section>
  );
}

function Chart({ days, measure }: { readonly days: readonly Day[]; readonly measure: Measure }) {
  const values = days.map((day) => valueOf(day, measure));
  const most = Math.max(...values, 0);
  const top = days[values.indexOf(most)];
  const sum = values.reduce((all, value) => all + value, 0);
  const step = WIDTH / Math.max(days.length, 1);
  const label = t(`chart.label.${measure}`, {
    from: days[0]?.date ?? "",
    to: days.at(-1)?.date ?? "",
    sum: measured(sum, measure),
    top: top?.date ?? "",
    most: measured(most, measure),
  });
  if (most === 0) return <p class="muted">{t("none")}</p>;
  return (
    <figure class="usage-chart">
      <span class="usage-most">{measured(most, measure)}</span>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {days.map((day, index) => {
          const value = values[index] ?? 0;
          const height = value === 0 ? 0 : Math.max(LEAST, (value / most) * HEIGHT);
          return (
            <g key={day.date}>
              <title>{t("chart.bar", { date: day.date, value: measured(value, measure) })}</title>
              <rect class="usage-ground" x={index * step} y={0} width={step} height={HEIGHT} />
              <rect
                class="usage-bar"
                x={index * step + step * 0.15}
                y={HEIGHT - height}
                width={step * 0.7}
                height={height}
              />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{days[0]?.date}</span>
        <span>{days.at(-1)?.date}</span>
      </figcaption>
    </figure>
  );
}

function Table({ days }: { readonly days: readonly Day[] }) {
  return (
    <div class="usage-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("day")}</th>
            <th scope="col">{t("cost")}</th>
            <th scope="col">{t("input")}</th>
            <th scope="col">{t("cacheRead")}</th>
            <th scope="col">{t("output")}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <tr key={day.date}>
              <th scope="row">{day.date}</th>
              <td>{dollars(day.totalCost)}</td>
              <td>{tokenText(day.input + day.cacheWrite)}</td>
              <td>{tokenText(day.cacheRead)}</td>
              <td>{tokenText(day.output)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
