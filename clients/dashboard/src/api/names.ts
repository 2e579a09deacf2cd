/** Resource names: tenants/{tenant}/tasks/{task}/revisions/{revision} and the like. */
export const tenantName = (tenant: string) => `tenants/${tenant}`;
export const taskName = (tenant: string, task: string) => `tenants/${tenant}/tasks/${task}`;
export const jobName = (tenant: string, task: string, job: string) => `${taskName(tenant, task)}/jobs/${job}`;

/** The last part of a name. */
export const lastPart = (name: string) => name.slice(name.lastIndexOf("/") + 1);

/** Enough of a revision's id to tell it from others. */
export const shortId = (name: string) => lastPart(name).slice(0, 10);
