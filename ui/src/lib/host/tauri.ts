/** The host seam: the only file that knows Tauri. */

import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { getCurrentWindow } from '@tauri-apps/api/window';
import { open, save } from '@tauri-apps/plugin-dialog';

import type { AppEvent, Backend } from './backend';
import { hostThrough } from './generated';

export function tauriBackend(): Backend {
  return {
    ...hostThrough((command, args) => invoke(command, args)),
    onEvent: (listener) => listen<AppEvent>('app', (event) => listener(event.payload)),
    onFileDrag: (listener) =>
      getCurrentWebview().onDragDropEvent(({ payload }) => {
        if (payload.type === 'drop') listener({ phase: 'dropped', paths: payload.paths });
        else listener({ phase: payload.type === 'leave' ? 'left' : 'over' });
      }),
    chooseFiles: async (title, filters) => (await open({ title, filters, multiple: true, directory: false })) ?? [],
    chooseFolder: (title) => open({ title, multiple: false, directory: true }),
    chooseTarget: (title, defaultPath, filters) => save({ title, defaultPath, filters }),
    setTitle: (title) => getCurrentWindow().setTitle(title),
  };
}
