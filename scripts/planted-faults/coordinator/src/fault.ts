import '@manyhands/unit-prophage';
