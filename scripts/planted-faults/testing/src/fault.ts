import '../../sdk/src/index.js';
