import '../daemon/supervisor.js';
