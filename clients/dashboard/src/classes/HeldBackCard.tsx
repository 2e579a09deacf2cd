import { useEffect, useState } from "preact/hooks";
import { isAbort } from "../api/errors";
import { readHead } from "../api/revisionFile";
import { session } from "../api/session";
import { type LabelledFile } from "../files/labelledFiles";
import { percent, plural } from "../ui/format";
import { Card, ErrorNote, Progress, Stat, Stats } from "../ui/parts";
import { measure, type Measured } from "./measure";

/** How a new revision does on the images that were kept from its training. */
export function HeldBackCard({ revision, files }: { revision: string; files: readonly LabelledFile[] }) {
  const [done, setDone] = useState(0);
  const [measured, setMeasured] = useState<Measured | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const controller = new AbortController();
    const run = async () =>
      setMeasured(await measure({ tenant: session.current!.tenant, head: await readHead(revision), files, signal: controller.signal, onProgress: setDone }));
    run().catch((failure) => isAbort(failure) || setError(failure));
    return () => controller.abort();
  }, [revision]);
  return (
    <Card title="On the images held back" about="It has not seen them.">
      <ErrorNote error={error} />
      {!measured && !error && <Progress label="Images tested" done={done} of={files.length} />}
      {measured && (
        <Stats>
          <Stat label="Accuracy" value={percent(measured.adapted.accuracy)} hint={`of ${plural(measured.adapted.total, "image")}`} />
          <Stat label="Before training" value={percent(measured.base.accuracy)} />
          {measured.failed.length > 0 && <Stat label="Unreadable" value={measured.failed.length} />}
        </Stats>
      )}
    </Card>
  );
}
