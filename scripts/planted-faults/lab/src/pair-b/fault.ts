import '../pair-a/fault.js';
