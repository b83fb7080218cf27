import { mount } from 'svelte';

import './styles/tokens.css';
import './styles/base.css';
import './styles/fonts.css';
import App from './App.svelte';
import { tauriBackend } from './lib/host/tauri';

const target = document.getElementById('window');
if (!target) throw new Error('index.html has no place for the window');

mount(App, { target, props: { backend: tauriBackend() } });
