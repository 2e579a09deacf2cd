const paths = {
  tasks: "M4 6h16M4 12h16M4 18h10",
  train: "M4 19V5M4 19h16M7 15l4-5 3 3 5-7",
  try: "M4 5h16v14H4zM4 15l4-4 4 4 3-3 5 5M15.5 9.5h.01",
  system: "M3 12h4l3-7 4 14 3-7h4",
  tenants: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.5 19a5.5 5.5 0 0 1 11 0M16 5.5a3 3 0 0 1 0 5M17 14a5.5 5.5 0 0 1 3.5 5",
  out: "M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9",
  light: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
  system_theme: "M12 4a8 8 0 1 0 0 16ZM12 4a8 8 0 0 1 0 16",
  upload: "M12 16V5M7.5 9 12 4.5 16.5 9M5 19h14",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z",
  warn: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01",
  check: "M5 12.5 10 17l9-10",
  copy: "M9 9h10v11H9zM5 15V4h10",
  back: "M14 6l-6 6 6 6",
  key: "M14.5 13a4 4 0 1 0-3.6-2.3L4 17.5V20h3v-2h2v-2h1.8l1.4-1.5c.7.3 1.5.5 2.3.5ZM16 8.5h.01",
} as const;

export type IconName = keyof typeof paths;

/** Beside a text that says the same, so hidden from those who hear the page. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
