import type { Child } from "hono/jsx";
import type { Html } from "./page.ts";

export interface Column {
  readonly title: string;
  /** Set to the right, in digits of one width. */
  readonly isNumber?: boolean;
}

export interface TableProps {
  /** What it is a table of, where no heading says so. */
  readonly label: string;
  /** A text for its title. */
  readonly columns: readonly (string | Column)[];
  /** A cell for each column. */
  readonly rows: readonly (readonly Child[])[];
  /** In place of a table without rows. */
  readonly none: Child;
  readonly look?: string;
}

/** A table; on a phone each row is a block of its own. The roles are said since other looks than a table's take them away. */
export function Table({ label, columns, rows, none, look = "" }: TableProps): Html {
  if (rows.length === 0) return <p class="none">{none}</p>;
  const all = columns.map((column) => (typeof column === "string" ? { title: column } : column));
  return (
    <div class="scroll" tabindex={0} role="group" aria-label={label}>
      <table role="table" aria-label={label} class={look}>
        <thead role="rowgroup">
          <tr role="row">
            {all.map(({ title, isNumber }) => (
              <th role="columnheader" scope="col" class={isNumber === true ? "number" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((cells) => (
            <tr role="row">
              {cells.map((cell, index) => (
                <td role="cell" data-label={all[index]?.title} class={all[index]?.isNumber === true ? "number" : ""}>
                  <div>{cell}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A column of numbers. */
export function numbers(title: string): Column {
  return { title, isNumber: true };
}
