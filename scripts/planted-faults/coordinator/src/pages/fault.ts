import '../core/leases/domain/fault.js';
