// Starts the pages.
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { takeOver } from './take-over.js';
import './styles/styles.css';

const root = document.getElementById('root');
if (root) takeOver(root, (container) => createRoot(container).render(<App />));
