import '../../core/leases/fault.js';
