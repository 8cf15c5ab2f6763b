check(true, 'this holds')
check(1 > 2, 'one is more than two')
