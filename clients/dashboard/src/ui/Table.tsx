import { type Timestamp } from "@bufbuild/protobuf/wkt";
import { type ComponentChildren } from "preact";
import { ago, fullMoment } from "./format";

export interface Column<Row> {
  title: ComponentChildren;
  cell: (row: Row) => ComponentChildren;
  /** Of its heading and cells: `num` for numbers, `spare` for what a narrow screen leaves out. */
  class?: string;
}

/** A table of resources, the first column of which names them. */
export function Table<Row extends { name: string }>({ rows, columns, rowClass }: { rows: Row[]; columns: Column<Row>[]; rowClass?: (row: Row) => string | undefined }) {
  return (
    <div class="table">
      <table>
        <thead>
          <tr>
            {columns.map(({ title, class: kind }, place) => (
              <th key={place} scope="col" class={kind}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} class={rowClass?.(row)}>
              {columns.map(({ cell, class: kind }, place) =>
                place === 0 ? (
                  <th key={place} scope="row" class={kind}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={place} class={kind}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The column of buttons. */
export function actions<Row>(cell: Column<Row>["cell"]): Column<Row> {
  return { title: <span class="visually-hidden">What to do with it</span>, class: "row-actions", cell };
}

export function Moment({ of }: { of: Timestamp | undefined }) {
  return (
    <span class="muted" title={fullMoment(of)}>
      {ago(of)}
    </span>
  );
}
