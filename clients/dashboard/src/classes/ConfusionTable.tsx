import { type Confusions } from "../maths/confusions";
import { Card } from "../ui/parts";

/** Rows are what the images are, columns what they were taken for. */
export function ConfusionTable({ names, confusions }: { names: string[]; confusions: Confusions }) {
  return (
    <Card wide title="Confusions" about="Rows: what the image is. Columns: what it was taken for.">
      <div class="table" tabIndex={0} role="region" aria-label="Confusion counts">
        <table class="confusions">
          <thead>
            <tr>
              <td />
              {names.map((name) => (
                <th key={name} scope="col">
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name, label) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {names.map((other, predicted) => (
                  <Cell key={other} count={confusions.counts[label]![predicted]!} of={confusions.images(label)} right={label === predicted} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Cell({ count, of, right }: { count: number; of: number; right: boolean }) {
  const share = of === 0 ? 0 : count / of;
  return (
    <td class={right ? "right" : "wrong"} style={{ "--share": `${Math.round(share * 100)}%` }}>
      {count || ""}
    </td>
  );
}
