// Starts the pages.
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import './styles/styles.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
