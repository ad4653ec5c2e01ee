import '../../leases/sql-fault.js';
import './through-fault.js';
