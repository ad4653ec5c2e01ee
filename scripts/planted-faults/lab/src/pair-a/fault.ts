import '../pair-b/fault.js';
