const mac = /Mac|iPhone|iPad/.test(navigator.platform)

/** "Mod+K" as this keyboard prints it. */
export const keyWords = (keys: string): string =>
  keys
    .split(' ')
    .map((key) =>
      key
        .replace('Mod+', mac ? '⌘' : 'Ctrl ')
        .replace('Shift+', '⇧')
        .replace(/^[a-z]$/, (letter) => letter.toUpperCase()),
    )
    .join(' ')

export const KeyCap = ({ keys }: { keys: string }) => <kbd>{keyWords(keys)}</kbd>
