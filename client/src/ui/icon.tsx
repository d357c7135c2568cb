const paths = {
  find: 'M11 11l4.2 4.2M12.2 7.1a5.1 5.1 0 1 1-10.2 0 5.1 5.1 0 0 1 10.2 0z',
  blast: 'M2.5 4h13M2.5 9h8.5M2.5 14h5.5M12.5 7v9',
  map: 'M2.5 2.5h3.6v3.6H2.5zM11.9 2.5h3.6v3.6h-3.6zM2.5 11.9h3.6v3.6H2.5zM11.9 11.9h3.6v3.6h-3.6zM6.1 4.3h5.8M4.3 6.1v5.8M6.1 13.7h5.8',
  reach: 'M2.5 9h3M9 5.5H7.2C6 5.5 5.5 6.5 5.5 9s.5 3.5 1.7 3.5H9M9 3.7h6.5v3.6H9zM9 10.7h6.5v3.6H9z',
  estate: 'M2.5 4.5h3v3h-3zM8 6h7.5M2.5 10.5h3v3h-3zM8 12h7.5',
  cutover: 'M2.5 3h3.6v12H2.5zM7.2 3h3.6v8.5H7.2zM11.9 3h3.6v5h-3.6z',
  audit: 'M4 2.5h10v13H4zM6.8 6h4.4M6.8 9h4.4M6.8 12h2.4',
  import: 'M9 2.5v8.5M5.5 7.7L9 11.2l3.5-3.5M3 12.5V15h12v-2.5',
  theme: 'M9 2.2a6.8 6.8 0 1 0 6.8 6.8A5.2 5.2 0 0 1 9 2.2z',
  keys: 'M2.5 4.5h13v9h-13zM5 7.2h.1M8 7.2h.1M11 7.2h.1M13 7.2h.1M5.6 10.6h6.8',
  settings: 'M2.5 5h8M13.5 5h2M10.5 3v4M2.5 13h2M7.5 13h8M7.5 11v4M2.5 9h5M10.5 9h5',
  file: 'M4.5 2.5h6l3.5 3.5v9.5h-9.5zM10.5 2.5V6H14',
} as const

export type IconName = keyof typeof paths

/** Inline line icons, always beside a word. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 18 18" width="18" height="18" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
