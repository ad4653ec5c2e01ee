import '../leases/fault.js';
import '../unlisted/fault.js';
