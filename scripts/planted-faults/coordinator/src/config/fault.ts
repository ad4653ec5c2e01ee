import '../core/units/fault.js';
