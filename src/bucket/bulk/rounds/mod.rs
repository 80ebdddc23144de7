//! The rounds of each hash, written once for lanes of any width.

pub(super) mod md5;
pub(super) mod sha1;
pub(super) mod sha256;

macro_rules! fourths {
    ($step:ident) => {
        $step!(0);
        $step!(4);
        $step!(8);
        $step!(12);
    };
}
macro_rules! sixteen {
    ($step:ident) => {
        $step!(0);
        $step!(1);
        $step!(2);
        $step!(3);
        $step!(4);
        $step!(5);
        $step!(6);
        $step!(7);
        $step!(8);
        $step!(9);
        $step!(10);
        $step!(11);
        $step!(12);
        $step!(13);
        $step!(14);
        $step!(15);
    };
}
macro_rules! twenty {
    ($step:ident) => {
        crate::bucket::bulk::rounds::sixteen!($step);
        $step!(16);
        $step!(17);
        $step!(18);
        $step!(19);
    };
}
pub(super) use {fourths, sixteen, twenty};
