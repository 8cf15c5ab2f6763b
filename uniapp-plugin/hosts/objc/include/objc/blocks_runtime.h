/* GNUstep's headers ask for this one. */
#include <Block.h>
